/**
 * The parameters that a driver is given, and the bounds within which it takes them.
 */
import { FS_TYPE_PARAMETER, STORAGE_DRIVERS, type StorageDriver, type StorageKind } from "../storage-drivers";
import { PERFORMANCE_BOUNDS, type PerformanceBound } from "./performance";

/** What of a class becomes parameters. */
export interface ParameterArgs {
  /** Volume type as the driver spells it. @default the driver table's */
  readonly type?: string;
  /** Encryption key as the driver names it. @default the cloud's own managed key */
  readonly encryptionKey?: string;
  /** File system of the volume. @default ext4, the CSI drivers' own default */
  readonly fsType?: "ext4" | "xfs";
  /** Further parameters as the driver spells them; none that a field stands for. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Most parameters of a class, and most bytes of all their names and values: pkg/apis/storage/validation of Kubernetes. */
const MOST_PARAMETERS = 512;
const MOST_BYTES = 256 * 1024;

/**
 * Every parameter of a class: those that its typed fields stand for, then its further ones.
 *
 * @throws Error naming class, parameter, value and bound
 */
export function driverParameters(
  name: string,
  kind: StorageKind,
  args: ParameterArgs,
): Readonly<Record<string, string>> {
  const driver = STORAGE_DRIVERS[kind];
  const { encryptionKey, fsType = "ext4", parameters = {}, type = driver.type?.fallback } = args;
  const whose = `storage-classes: class "${name}"`;
  if (type !== undefined && !driver.type?.names.includes(type)) {
    const known = driver.type?.names.join(", ") ?? "absent, the driver has one type";
    throw new Error(
      `${whose}: type is "${type}", must for ${driver.provisioner} be ${driver.type ? "one of " : ""}${known}`,
    );
  }
  if (encryptionKey !== undefined && driver.encryptionKeyParameter === undefined) {
    throw new Error(
      `${whose}: encryptionKey is "${encryptionKey}", must be absent: ${driver.provisioner} takes no key`,
    );
  }
  const typed = {
    ...(driver.type && type ? { [driver.type.parameter]: type } : {}),
    ...(driver.encryption ? { [driver.encryption.key]: driver.encryption.value } : {}),
    ...(driver.encryptionKeyParameter && encryptionKey ? { [driver.encryptionKeyParameter]: encryptionKey } : {}),
    [FS_TYPE_PARAMETER]: fsType,
  };
  checkNames(whose, driver, parameters);
  for (const bound of PERFORMANCE_BOUNDS[kind]) checkBound(whose, driver, bound, type, parameters);
  const all = { ...typed, ...parameters };
  const bytes = Object.entries(all).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
  if (Object.keys(all).length > MOST_PARAMETERS || bytes > MOST_BYTES) {
    throw new Error(
      `${whose}: parameters are ${Object.keys(all).length} of ${bytes} bytes, must be at most ${MOST_PARAMETERS} of ${MOST_BYTES} bytes`,
    );
  }
  return all;
}

/** The further parameter of that name, whatever its case where the driver does not care. */
export function given(
  driver: StorageDriver,
  parameters: Readonly<Record<string, string>>,
  name: string,
): string | undefined {
  return Object.entries(parameters).find(([key]) => folded(driver, key) === folded(driver, name))?.[1];
}

const folded = (driver: StorageDriver, key: string) => (driver.ignoresCase ? key.toLowerCase() : key);

function checkNames(whose: string, driver: StorageDriver, parameters: Readonly<Record<string, string>>): void {
  const typed: Readonly<Record<string, string | undefined>> = {
    type: driver.type?.parameter,
    encryption: driver.encryption?.key,
    encryptionKey: driver.encryptionKeyParameter,
    fsType: FS_TYPE_PARAMETER,
  };
  for (const [field, parameter] of Object.entries(typed)) {
    const value = parameter === undefined ? undefined : given(driver, parameters, parameter);
    if (value === undefined) continue;
    const way = field === "encryption" ? "volumes are always encrypted" : `say it in ${field}`;
    throw new Error(`${whose}: parameters has ${parameter} "${value}", must not: ${way}`);
  }
  const names = Object.keys(parameters);
  const twice = names.find((name, index) =>
    names.slice(0, index).some((other) => folded(driver, other) === folded(driver, name)),
  );
  if (twice) {
    throw new Error(
      `${whose}: parameters has "${twice}" twice, must once: ${driver.provisioner} ignores the case of names`,
    );
  }
  const missing = driver.requiredParameters.filter((name) => given(driver, parameters, name) === undefined);
  if (missing.length > 0) {
    throw new Error(
      `${whose}: parameters lacks ${missing.join(", ")}, must have them: ${driver.provisioner} needs each`,
    );
  }
}

function checkBound(
  whose: string,
  driver: StorageDriver,
  bound: PerformanceBound,
  type: string | undefined,
  parameters: Readonly<Record<string, string>>,
): void {
  const said = bound.parameters.flatMap((name) => {
    const value = given(driver, parameters, name);
    return value === undefined ? [] : [{ name, value }];
  });
  if (said.length > 1) {
    throw new Error(
      `${whose}: parameters has ${said.map(({ name }) => name).join(" and ")}, must have one of them only`,
    );
  }
  const one = said[0];
  if (one === undefined) {
    if (type === undefined || !bound.required?.includes(type)) return;
    throw new Error(`${whose}: parameters has no ${bound.parameters.join(" or ")}, must for type ${type}`);
  }
  const range = type === undefined ? undefined : bound.ranges[one.name]?.[type];
  if (range === undefined) {
    const types = Object.keys(bound.ranges[one.name] ?? {}).join(", ");
    throw new Error(`${whose}: parameters has ${one.name} "${one.value}" for type ${type}, must for ${types} only`);
  }
  const [least, most] = range;
  const value = /^[0-9]+$/.test(one.value) ? Number(one.value) : Number.NaN;
  if (value >= least && value <= (most ?? value)) return;
  throw new Error(
    `${whose}: parameter ${one.name} is "${one.value}", must for type ${type} be a whole number of ` +
      (most === undefined ? `at least ${least}` : `${least}–${most}`),
  );
}
