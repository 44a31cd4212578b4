/** AWS as a test sees it: every resource is recorded, none is made. */
import * as pulumi from "@pulumi/pulumi";

/** One resource as the engine would have been told. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const ACCOUNT = "111122223333";

/** Starts recording; what a resource is asked for comes back as its outputs. */
export async function mockAws(): Promise<Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs, name, type }) => {
        registered.push({ type, name, inputs });
        const id = `${name}-id`;
        return {
          id,
          state: {
            ...inputs,
            arn: `arn:aws:mock:eu-central-1:${ACCOUNT}:${name}`,
            keyId: id,
            name: inputs.name ?? name,
            latestVersion: 1,
            endpoint: `https://${name}.example`,
            certificateAuthority: { data: "Q0E=" },
          },
        };
      },
      call: ({ inputs }) => inputs,
    },
    "fleetwright",
    "prod-infrastructure",
    false,
  );
  return registered;
}
