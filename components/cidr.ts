/**
 * Ranges of addresses, IPv4 and IPv6, as Kubernetes writes them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4632
 */
import { BlockList, isIP, isIPv4 } from "node:net";

/** @throws Error naming the field when the value is not a range of IPv4 or IPv6 addresses such as `10.0.0.0/16` */
export function requireCidr(owner: string, field: string, value: string): void {
  const { address, bits } = parts(value);
  if (value.split("/").length === 2 && isIP(address) !== 0 && bits <= (isIPv4(address) ? 32 : 128)) return;
  throw new Error(`${owner}: ${field} has "${value}", must be a CIDR such as 10.0.0.0/16`);
}

/** Whether an address, or every address of a range, lies in a range. */
export function isWithin(inner: string, range: string): boolean {
  const { address, bits } = parts(range);
  const own = inner.includes("/") ? parts(inner) : { address: inner, bits: 128 };
  if (isIP(own.address) !== isIP(address)) return false;
  const list = new BlockList();
  list.addSubnet(address, bits, family(address));
  return own.bits >= bits && list.check(own.address, family(address));
}

/** The address after the range's own, as a range of one: where the API server puts the Service `kubernetes`. */
export function firstAddress(range: string): string {
  const { address } = parts(range);
  if (isIPv4(address)) {
    const octets = address.split(".").map(Number);
    return `${[...octets.slice(0, 3), (octets[3] ?? 0) + 1].join(".")}/32`;
  }
  const [head = "", tail] = address.split("::");
  const groups = (text: string | undefined) => (text ? text.split(":") : []);
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(zeros).fill("0"), ...groups(tail)];
  const last = Number.parseInt(all[7] ?? "0", 16) + 1;
  return `${new URL(`http://[${[...all.slice(0, 7), last.toString(16)].join(":")}]`).hostname.slice(1, -1)}/128`;
}

const family = (address: string) => (isIPv4(address) ? "ipv4" : "ipv6");

function parts(range: string): { address: string; bits: number } {
  const [address = "", prefix = ""] = range.split("/");
  return { address, bits: /^[0-9]{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN };
}
