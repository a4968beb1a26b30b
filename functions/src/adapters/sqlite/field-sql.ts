/**
 * Firestore's order of values in SQL. A field has a rank (the order of types: null, booleans, numbers, instants,
 * strings, lists, maps; SQL NULL if the document has no such field) and a value, compared within one rank. Lists and
 * maps are ordered by their text: after everything else as in Firestore, but in no guaranteed order among themselves.
 */
export const RANK = { null: 0, boolean: 1, number: 2, instant: 3, string: 4, list: 5, map: 6 } as const;

/** SQL of the rank of a field, which must have passed `fieldNames`, in the document of the column `data`. */
export function rankOf(field: readonly string[], data = 'data'): string {
  const path = pathLiteral(field);
  return (
    `CASE json_type(${data}, ${path}) WHEN 'text' THEN ` +
    `CASE WHEN json_extract(${data}, ${path}) GLOB '@[^@]*' THEN ${RANK.instant} ELSE ${RANK.string} END ` +
    `WHEN 'integer' THEN ${RANK.number} WHEN 'real' THEN ${RANK.number} WHEN 'null' THEN ${RANK.null} ` +
    `WHEN 'true' THEN ${RANK.boolean} WHEN 'false' THEN ${RANK.boolean} ` +
    `WHEN 'array' THEN ${RANK.list} WHEN 'object' THEN ${RANK.map} END`
  );
}

/** SQL of the value of a field within its rank. Never NULL, so that row comparisons work. */
export function valueOf(field: readonly string[], data = 'data'): string {
  return `coalesce(json_extract(${data}, ${pathLiteral(field)}), 0)`;
}

/** SQL of the JSON text of a field; NULL if it is missing. */
export function jsonOf(field: readonly string[], data = 'data'): string {
  return `${data} -> ${pathLiteral(field)}`;
}

/**
 * SQL that is true if the list in the field contains the value of the two parameters: JSON types (as a list), value.
 */
export function listHolds(field: readonly string[]): string {
  const path = pathLiteral(field);
  return (
    `(json_type(data, ${path}) = 'array' AND EXISTS (SELECT 1 FROM json_each(data, ${path}) AS element ` +
    `WHERE element.type IN (SELECT value FROM json_each(?)) AND element.value = ?))`
  );
}

/** A text literal in SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function pathLiteral(field: readonly string[]): string {
  return literal(`$${field.map((name) => `."${name}"`).join('')}`);
}
