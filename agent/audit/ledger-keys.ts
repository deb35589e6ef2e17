import type { Device } from "../model/index.ts";

/**
 * Every name under which a device's login attempts are counted: its ids, its MAC, and its addresses. Two logins too few
 * are better than one too many, so also who merely has the address of yesterday's camera shares that day's count.
 */
export function ledgerKeys(device: Pick<Device, "id" | "aliases" | "mac" | "addresses">): readonly string[] {
  const { id, aliases, mac, addresses } = device;
  const places = addresses.map(({ address }) => `${PLACE}${address.replace(/%.*$/, "").toLowerCase()}`);
  return [...new Set([id, ...aliases, ...macKeys(mac), ...places])];
}

/**
 * True when an entry is surely about this very device, so that what it learnt may be told again as an answer: they
 * share a lasting id, and the MAC is not another one (cheap cameras leave the factory with one UUID for all).
 */
export function isOfDevice(
  entry: { readonly device: readonly string[] },
  device: Pick<Device, "id" | "aliases" | "mac">,
): boolean {
  const lasting = [device.id, ...device.aliases].filter((id) => !/^(?:seen|address):/.test(id));
  const [mac] = macKeys(device.mac);
  const macs = entry.device.filter((key) => key.startsWith(MAC));
  const otherMac = mac !== undefined && macs.length > 0 && !macs.includes(mac);
  return !otherMac && entry.device.some((key) => lasting.includes(key));
}

const MAC = "mac:";
const PLACE = "address:";

function macKeys(mac: string | null): readonly string[] {
  return mac === null ? [] : [`${MAC}${mac.replaceAll(":", "")}`];
}
