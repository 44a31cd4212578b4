/**
 * Amounts as the API server writes them back, so that what is rendered and what is stored are the same text.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

/** Thousandths of a core: 500 → `500m`, 2000 → `2`. */
export function cpuQuantity(millicores: number): string {
  return millicores % 1000 === 0 ? `${millicores / 1000}` : `${millicores}m`;
}

/** MiB in the largest unit that holds it whole: 512 → `512Mi`, 2048 → `2Gi`, 1048576 → `1Ti`. */
export function bytesQuantity(mebibytes: number): string {
  const units = ["Mi", "Gi", "Ti", "Pi"];
  let amount = mebibytes;
  while (units.length > 1 && amount > 0 && amount % 1024 === 0) {
    amount /= 1024;
    units.shift();
  }
  return `${amount}${units[0]}`;
}
