import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { newCertificateAuthority } from "../../../lifecycle/credentials/certificate-authority";

const authority = newCertificateAuthority("dev", new Date("2026-11-21T17:00:00Z"));
const certificate = new X509Certificate(authority.certificate);

describe("the CA of a fleet", () => {
  it("signed itself, and its key is the one beside it", () => {
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(authority.key))).toBe(true);
  });

  it("is of the environment, on P-256, for ten years", () => {
    expect(certificate.subject).toBe("O=dev\nCN=fleet CA");
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(new Date(certificate.validFrom).toISOString()).toBe("2026-11-21T17:00:00.000Z");
    expect(new Date(certificate.validTo).toISOString()).toBe("2036-11-21T17:00:00.000Z");
  });

  it("may sign certificates and lists of revoked ones, intermediates that sign no others, and nothing else", () => {
    const bytes = certificate.raw.toString("hex");
    // critical basicConstraints { CA, path length 1 } and critical keyUsage { keyCertSign, cRLSign }
    expect(bytes).toContain("0603551d130101ff040830060101ff020101");
    expect(bytes).toContain("0603551d0f0101ff040403020106");
  });

  it("is written with the dates that RFC 5280 asks for beyond 2049", () => {
    const late = new X509Certificate(newCertificateAuthority("dev", new Date("2045-01-01T00:00:00Z")).certificate);
    expect(new Date(late.validTo).toISOString()).toBe("2055-01-01T00:00:00.000Z");
    expect(late.verify(late.publicKey)).toBe(true);
  });

  it("is another one each time, however often", () => {
    const all = Array.from(
      { length: 50 },
      () => new X509Certificate(newCertificateAuthority("a".repeat(63)).certificate),
    );
    expect(new Set(all.map(({ serialNumber }) => serialNumber)).size).toBe(50);
    expect(all.every((one) => one.verify(one.publicKey))).toBe(true);
  });
});
