/** Three-valued logic: what cannot be known from a set of objects is `undefined`, and never taken for a yes or a no. */
export type Truth = boolean | undefined;

/** No as soon as one is no; yes only where all are yes. */
export function all(...values: readonly Truth[]): Truth {
  if (values.includes(false)) return false;
  return values.includes(undefined) ? undefined : true;
}

/** Yes as soon as one is yes; no only where all are no. */
export function some(...values: readonly Truth[]): Truth {
  if (values.includes(true)) return true;
  return values.includes(undefined) ? undefined : false;
}

export const not = (value: Truth): Truth => (value === undefined ? undefined : !value);
