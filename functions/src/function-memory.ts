/**
 * The memory of an instance of the function, in MiB. An output of 5 MB may be hundreds of thousands of objects, which
 * take twenty times as much while they are processed; in addition, up to 128 MiB of outputs are kept as text
 * (`PLAYBOOK_OUTPUT_MEMORY_MIB`).
 */
export const FUNCTION_MEMORY_MIB = 1024;
export const FUNCTION_CONCURRENCY = 20;
