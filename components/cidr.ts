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

/** Whether a range does not begin at its address: of 10.244.3.7/16 nobody knows whether the range or the host is meant. */
export function hasHostBits(range: string): boolean {
  const { address, bits } = parts(range);
  const width = isIPv4(address) ? 8 : 16;
  const groups = isIPv4(address) ? address.split(".").map(Number) : groupsOf(address);
  const binary = groups.map((group) => group.toString(2).padStart(width, "0")).join("");
  return binary.slice(bits).includes("1");
}

/** The address after the range's own, as a range of one: where the API server puts the Service `kubernetes`. */
export function firstAddress(range: string): string {
  const { address } = parts(range);
  if (isIPv4(address)) {
    const octets = address.split(".").map(Number);
    return `${[...octets.slice(0, 3), (octets[3] ?? 0) + 1].join(".")}/32`;
  }
  const all = groupsOf(address);
  return `${canonical([...all.slice(0, 7), (all[7] ?? 0) + 1].map((group) => group.toString(16)).join(":"))}/128`;
}

/** The eight groups of an address of IPv6. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = canonical(address).split("::");
  const groups = (text: string | undefined) => (text ? text.split(":").map((group) => Number.parseInt(group, 16)) : []);
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<number>(zeros).fill(0), ...groups(tail)];
}

/** An address of IPv6 in its shortest form, without IPv4 at its end. */
const canonical = (address: string) => new URL(`http://[${address}]`).hostname.slice(1, -1);

const family = (address: string) => (isIPv4(address) ? "ipv4" : "ipv6");

function parts(range: string): { address: string; bits: number } {
  const [address = "", prefix = ""] = range.split("/");
  return { address, bits: /^[0-9]{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN };
}
