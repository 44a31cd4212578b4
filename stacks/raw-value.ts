/** Values of an environment file as they stand there, before anything is known of their shape: what has another one is empty. */

export type Raw = Readonly<Record<string, unknown>>;

export const asMap = (value: unknown): Raw =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Raw) : {};

export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
