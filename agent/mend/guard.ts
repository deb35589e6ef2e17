import ipaddr from "ipaddr.js";
import type { Answer, Failure, GuardState, MendOutcome } from "../model/index.ts";
import { GUARD_TABLE, type GuardReading, giveToNft, readGuardTable } from "../net/gateway/guard-table.ts";
import { type RouterSeat, routerSeat } from "../net/gateway/router.ts";
import { isOnLink } from "../net/interfaces.ts";

export type { GuardReading } from "../net/gateway/guard-table.ts";

/** Whom the guard protects, and from where. */
export interface GuardInput {
  /** Address literals, as ipaddr.js writes them, sorted. */
  readonly cameras: readonly string[];
  /** Interfaces behind which the internet is, sorted. */
  readonly outside: readonly string[];
}

const MAX_CAMERAS = 1024;
/** What `ip` allows and nft's quotes cannot be broken with. */
const INTERFACE = /^[A-Za-z0-9_.:@-]{1,15}$/;

/**
 * The input for cameras at these addresses. Taken are addresses on the LAN that others can route to and that are not
 * this machine's own; the outside is where the default routes lead, so that another LAN or VPN of the owner's, which
 * this machine routes between, keeps its way to the cameras.
 */
export function guardInput(addresses: readonly string[], { outside, lan }: RouterSeat): GuardInput {
  const own = new Set(lan.flatMap((each) => each.addresses.map(({ address }) => plain(address))));
  const cameras = addresses
    .filter((address) => lan.some((each) => isOnLink(address, each)))
    .map(plain)
    .filter((address) => address !== null && !own.has(address) && isRoutable(address));
  return {
    cameras: [...new Set(cameras)]
      .filter((address) => address !== null)
      .sort()
      .slice(0, MAX_CAMERAS),
    outside: outside.filter((name) => INTERFACE.test(name)).sort(),
  };
}

function plain(address: string): string | null {
  return ipaddr.isValid(address) && !address.includes("%") ? ipaddr.parse(address).toString() : null;
}

function isRoutable(address: string): boolean {
  return !["linkLocal", "multicast", "loopback", "unspecified"].includes(ipaddr.parse(address).range());
}

const RULES = 4;

/**
 * The guard as nftables text: what is shown is what is applied, in one transaction that first takes an older one away.
 *
 * The chain stands before the usual filter (priority 0), so that it counts what no other rule has yet refused. It can
 * only refuse: what it accepts still passes every other chain of this hook. Addresses are already translated there
 * (dstnat is at -100), so one rule covers port forwards and open IPv6 alike. Answers to what a camera began are not new,
 * and neither are connections that were there before.
 */
export function guardRules({ cameras, outside }: GuardInput): string {
  const table = `table inet ${GUARD_TABLE}`;
  const names = outside.filter((name) => INTERFACE.test(name)).map((name) => `"${name}"`);
  return `${table}
delete ${table}
${table} {
  set cameras4 {
    type ipv4_addr
${elements(cameras.filter((address) => ipaddr.IPv4.isValidFourPartDecimal(address)))}  }
  set cameras6 {
    type ipv6_addr
${elements(cameras.filter((address) => ipaddr.IPv6.isValid(address)))}  }
  counter refused { }
  chain forward {
    type filter hook forward priority -10; policy accept;
    iifname != { ${names.join(", ")} } accept
    ct state != new accept
    ip daddr @cameras4 counter name "refused" drop
    ip6 daddr @cameras6 counter name "refused" drop
  }
}
`;
}

function elements(addresses: readonly string[]): string {
  return addresses.length === 0 ? "" : `    elements = { ${addresses.join(", ")} }\n`;
}

/** Whether it is there, for whom, and what it has refused; null when it is not there. */
export function readGuard(): Promise<Answer<GuardReading | null>> {
  return readGuardTable();
}

/** Why the guard cannot be had on this machine; null when it can. */
export async function guardObstacle(): Promise<GuardState["because"]> {
  if (routerSeat() === null) return "not-the-router";
  return (await readGuardTable()).ok ? null : "not-permitted";
}

/** Puts the guard in place, or another in the place of an older one, and reads it back. */
export async function applyGuard(input: GuardInput): Promise<MendOutcome> {
  // Without a way out there is no outside, and a guard against nobody would look like one.
  if (input.outside.length === 0) return outcome("failed", "no default route");
  const before = await readGuardTable();
  if (!before.ok) return failed(before);
  if (isAsWished(before.value, input)) return outcome("already", tellCameras(input));
  const given = await giveToNft(guardRules(input));
  if (!given.ok) return failed(given);
  const after = await readGuardTable();
  if (!after.ok) return failed(after);
  return isAsWished(after.value, input)
    ? outcome("done", tellCameras(input))
    : outcome("failed", "not as wished when read back");
}

/** Takes the guard away and makes sure that it is gone. */
export async function removeGuard(): Promise<MendOutcome> {
  const before = await readGuardTable();
  if (!before.ok) return failed(before);
  if (before.value === null) return outcome("already", "no guard");
  const given = await giveToNft(`delete table inet ${GUARD_TABLE}\n`);
  if (!given.ok) return failed(given);
  const after = await readGuardTable();
  if (!after.ok) return failed(after);
  return after.value === null ? outcome("done", "no guard") : outcome("still-there", "it came back");
}

/**
 * Makes the kernel's state what the owner last wished: `input` while the guard is applied, null while it is not. To be
 * called at the start of the daemon and after each scan, because rules do not outlive a reboot, because whoever reloads
 * this machine's own rules (`flush ruleset`) takes ours along, and because cameras get other addresses. While the way
 * out is down an applied guard is left as it is. The guard outlives the daemon, so that a stop or an update opens
 * nothing; between a reboot and the daemon's start it is missing.
 */
export async function syncGuard(input: GuardInput | null): Promise<MendOutcome> {
  if (input === null) return await removeGuard();
  if (input.outside.length > 0) return await applyGuard(input);
  const there = await readGuardTable();
  if (!there.ok) return failed(there);
  return there.value === null
    ? outcome("failed", "no default route")
    : outcome("already", "no default route: left as it is");
}

function isAsWished(there: GuardReading | null, { cameras, outside }: GuardInput): boolean {
  if (there === null || there.rules !== RULES) return false;
  // nft may write an IPv6 address in another way than we do.
  const same = (left: readonly string[], right: readonly string[]) =>
    left
      .map((text) => plain(text) ?? text)
      .sort()
      .join() === [...right].sort().join();
  return same(there.cameras, cameras) && same(there.outside, outside);
}

function tellCameras({ cameras }: GuardInput): string {
  return `${cameras.length} addresses`;
}

function outcome(result: MendOutcome["result"], detail: string): MendOutcome {
  return { result, code: null, detail };
}

function failed({ reason, detail }: Failure): MendOutcome {
  return outcome("failed", detail === undefined ? reason : `${reason}: ${detail}`);
}
