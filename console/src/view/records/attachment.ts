/** The headers of a file to keep: never shown by the browser in the name of this site, never kept by what lies between. */
export function attachment(name: string, type: 'text/csv' | 'application/json'): Readonly<Record<string, string>> {
  const safe = name.replaceAll(/[^\w.-]+/g, '_').slice(0, 120);
  return {
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': `attachment; filename="${safe}"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}
