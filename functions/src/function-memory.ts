/**
 * The memory of an instance of the function, in MiB, and how many deliveries it takes at once. An output of 5 MB may be
 * hundreds of thousands of objects, which take twenty times as much while they are looked at; 128 MiB of outputs are held as
 * text beside that (`PLAYBOOK_OUTPUT_MEMORY_MIB`).
 */
export const FUNCTION_MEMORY_MIB = 1024;
export const FUNCTION_CONCURRENCY = 20;
