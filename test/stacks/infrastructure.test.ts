import { afterEach, describe, expect, it, jest } from "@jest/globals";

afterEach(() => jest.resetModules());

describe("the infrastructure part of the program", () => {
  it("is not loaded, and with it the cloud's SDK, by a stack that makes no cluster", () => {
    const loaded = jest.fn(() => ({}));
    jest.doMock("../../stacks/infrastructure", loaded);
    jest.doMock("@pulumi/aws/provider", loaded);
    expect(require("../../stacks/program")).toHaveProperty("program");
    expect(loaded).not.toHaveBeenCalled();
  });
});
