import { describe, expect, it } from "@jest/globals";
import type { ThanosArgs } from "../../components/thanos";
import { part } from "./thanos/rendered";

describe("Thanos", () => {
  it.each([
    ["one ingestor", { ingestorReplicas: 1 }, "ingestorReplicas is 1, must be a whole number of 2–50"],
    ["one router", { replicas: 1 }, "replicas is 1, must be a whole number of 2–20"],
    ["no time to upload", { localRetentionHours: 2 }, "localRetentionHours is 2, must be a whole number of 6–720"],
    [
      "raw metrics for a day",
      { retentionDays: { raw: 1 } },
      "retentionDays.raw is 1, must be a whole number of 3–3650",
    ],
    [
      "five minutes for less long than raw",
      { retentionDays: { raw: 60, fiveMinutes: 30 } },
      "retentionDays.fiveMinutes is 30, must be a whole number of 60–3650",
    ],
    [
      "hours for less long than five minutes",
      { retentionDays: { oneHour: 90 } },
      "retentionDays.oneHour is 90, must be a whole number of 180–3650",
    ],
    ["no volume", { storageGiB: { ingestor: 0 } }, "storageGiB.ingestor is 0, must be a whole number of 1–16384"],
    ["no memory", { sizes: { store: { cpuMillicores: 100, memoryMiB: 64 } } }, "sizes.store.memoryMiB is 64"],
    ["no image", { image: "" }, "image is empty"],
    [
      "a range that is none",
      { ingest: { host: "ingest.example", serviceAnnotations: {}, sourceRanges: ["10.0.0.1"] } },
      'ingest.sourceRanges has "10.0.0.1"',
    ],
  ] satisfies [string, Partial<ThanosArgs>, string][])("refuses %s", (_, args, said) => {
    expect(() => part(args)).toThrow(`thanos: ${said}`);
  });
});
