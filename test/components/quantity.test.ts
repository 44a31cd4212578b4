import { describe, expect, it } from "@jest/globals";
import { bytesQuantity, cpuQuantity } from "../../components/quantity";

describe("a quantity is written as the API server writes it back", () => {
  it.each([
    [1, "1m"],
    [500, "500m"],
    [1000, "1"],
    [1500, "1500m"],
    [64_000, "64"],
  ])("%d millicores: %s", (millicores, text) => expect(cpuQuantity(millicores)).toBe(text));

  it.each([
    [1, "1Mi"],
    [512, "512Mi"],
    [1024, "1Gi"],
    [1536, "1536Mi"],
    [1_048_576, "1Ti"],
    [1_073_741_824, "1Pi"],
    [1_099_511_627_776, "1024Pi"],
  ])("%d MiB: %s", (mebibytes, text) => expect(bytesQuantity(mebibytes)).toBe(text));
});
