import { type Door, doorName, type FactoryLogin, type LoginDoor, type VendorFile } from "../model/index.ts";

/** A factory login by its place in the vendor file; the strings are looked up only to send them. */
export interface LoginStep {
  readonly door: Door;
  readonly index: number;
}

const DOOR_ORDER: readonly LoginDoor[] = ["http", "onvif", "rtsp"];

/** Name of a factory login that may be written down anywhere. */
export function loginName(vendor: VendorFile, index: number): string {
  return `${vendor.id}#/factoryLogins/${index}`;
}

/** Name of the account behind it: the first login with the same user. Some makers' user is also the password. */
export function accountName(vendor: VendorFile, index: number): string {
  const user = vendor.factoryLogins[index]?.user;
  return `${loginName(
    vendor,
    vendor.factoryLogins.findIndex((login) => login.user === user),
  )}/user`;
}

/**
 * Every pair of door and factory login, what waited longest first, so that tomorrow's run asks what today's budget
 * had no room for. Then the vendor file's order, each login at every door before the next one: on some makers the
 * password of one door changes and that of another does not. Then http, onvif, rtsp; then second doors of a kind.
 */
export function planLogins(
  doors: readonly { readonly door: Door; readonly kind: LoginDoor }[],
  vendor: VendorFile,
  lastTried: (door: string, login: string) => string | null,
): readonly LoginStep[] {
  const seen = { http: 0, onvif: 0, rtsp: 0 };
  const ranked = doors.map(({ door, kind }) => {
    seen[kind] += 1;
    return { door, kind, rank: seen[kind] * DOOR_ORDER.length + DOOR_ORDER.indexOf(kind) };
  });
  const steps = ranked.flatMap(({ door, kind, rank }) =>
    vendor.factoryLogins.flatMap((login, index) =>
      worksAt(login, kind)
        ? [{ door, index, rank, waited: lastTried(doorName(door), loginName(vendor, index)) ?? "" }]
        : [],
    ),
  );
  return steps
    .sort(
      (one, other) => compare(one.waited, other.waited) || one.index - other.index || one.rank - other.rank,
    )
    .map(({ door, index }) => ({ door, index }));
}

function worksAt(login: FactoryLogin, kind: LoginDoor): boolean {
  return login.doors === undefined || login.doors.includes(kind);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
