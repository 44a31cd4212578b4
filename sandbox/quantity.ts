/** Amounts of the Kubernetes API as numbers, to be compared. */

const SUFFIXES: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].map((suffix, i) => [suffix, 1000 ** (i - 3)]),
  ),
  ...Object.fromEntries(["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((suffix, i) => [suffix, 1024 ** (i + 1)])),
};

/**
 * `500m` → 0.5, `1.5Gi` → 1610612736, `2e3` → 2000.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 * @throws Error when the text is no quantity
 */
export function amountOf(quantity: string): number {
  const [, digits, suffix = ""] = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]{0,2})$/.exec(quantity) ?? [];
  const factor = SUFFIXES[suffix];
  const amount = Number(digits) * (factor ?? Number.NaN);
  if (Number.isNaN(amount)) throw new Error(`'${quantity}' is no quantity: such are 500m, 4 and 8Gi`);
  return amount;
}
