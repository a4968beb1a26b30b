import type { Context } from 'hono';

/** A text of a form, as it was sent; undefined where there is none, or a file in its place, or no form at all. */
export async function formField(c: Context, name: string): Promise<string | undefined> {
  try {
    const value = (await c.req.parseBody())[name];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
