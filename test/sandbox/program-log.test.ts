import { describe, expect, it } from "@jest/globals";
import { tellingLine } from "../../sandbox/program-log";

describe("what a log tells", () => {
  it.each([
    ["info only", "starting\nlistening\n", "listening"],
    ["an error before other lines", '{"level":"error","msg":"no cert","error":"gone"}\nbye\n', "no cert: gone"],
    ["a panic before its stack", "panic: nil map\ngoroutine 1\nmain.go:3\n", "panic: nil map"],
    [
      "etcd's panic as JSON",
      '{"level":"panic","msg":"failed to recover","error":"crc mismatch"}\ngoroutine 1\n',
      "failed to recover: crc mismatch",
    ],
    ["klog", "E0102 15:04:05 main.go:3] no route\nI0102 15:04:05 bye\n", "E0102 15:04:05 main.go:3] no route"],
    ["an error of an earlier run", "panic: old\nfleetwright: started at 2026\nfine now\n", "fine now"],
    ["nothing yet", "panic: old\nfleetwright: started at 2026\n", undefined],
  ])("%s", (_, text, line) => {
    expect(tellingLine(text)).toBe(line);
  });
});
