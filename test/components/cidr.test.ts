import { describe, expect, it } from "@jest/globals";
import { firstAddress, hasHostBits, isWithin, requireCidr } from "../../components/cidr";

describe("a range of addresses", () => {
  it.each(["10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "::/0", "2001:db8::/32", "::1/128"])("is accepted: %s", (range) =>
    expect(() => requireCidr("network", "podCidrs", range)).not.toThrow(),
  );

  it.each(["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/8/8", "10.0.0.0/-1", "10.0.0.0/", "", "a/8"])(
    'is refused with its field and value: "%s"',
    (range) =>
      expect(() => requireCidr("network", "podCidrs", range)).toThrow(
        `network: podCidrs has "${range}", must be a CIDR such as 10.0.0.0/16`,
      ),
  );

  it.each([
    ["10.1.2.3", "10.0.0.0/8", true],
    ["11.1.2.3", "10.0.0.0/8", false],
    ["10.1.0.0/16", "10.0.0.0/8", true],
    ["10.0.0.0/8", "10.1.0.0/16", false],
    ["10.0.0.0/7", "10.0.0.0/8", false],
    ["192.0.2.1", "0.0.0.0/0", true],
    ["2001:db8::1", "0.0.0.0/0", false],
    ["2001:db8::1", "2001:db8::/32", true],
    ["2001:db9::1", "2001:db8::/32", false],
    ["192.0.2.1", "::/0", false],
  ])("%s lies within %s: %s", (inner, range, expected) => expect(isWithin(inner, range)).toBe(expected));

  it.each([
    ["10.0.0.0/16", "10.0.0.1/32"],
    ["172.20.0.0/16", "172.20.0.1/32"],
    ["fd00:10:96::/112", "fd00:10:96::1/128"],
    ["2001:db8:1:2:3:4:5:0/112", "2001:db8:1:2:3:4:5:1/128"],
  ])("%s has the first address %s", (range, first) => expect(firstAddress(range)).toBe(first));

  it.each([
    ["10.244.0.0/16", false],
    ["10.244.3.7/16", true],
    ["10.244.3.7/32", false],
    ["10.244.3.6/31", false],
    ["10.128.0.0/9", false],
    ["10.128.0.0/8", true],
    ["0.0.0.0/0", false],
    ["128.0.0.0/0", true],
    ["fd00:10:96::/112", false],
    ["fd00:10:96::1/112", true],
    ["2001:db8::/29", false],
    ["2001:db8::/28", true],
    ["::ffff:10.0.0.0/104", false],
    ["::ffff:10.1.0.0/104", true],
  ])("%s names a host within itself: %s", (range, expected) => expect(hasHostBits(range)).toBe(expected));
});
