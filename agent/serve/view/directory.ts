import { createHash } from "node:crypto";
import { wordsOf } from "../../../web-ui/index.ts";
import {
  cleanText,
  type DeviceKind,
  isCameraKind,
  type KnownDevice,
  type Language,
  type ReportDevice,
} from "../../model/index.ts";
import type { SiteState, VendorWords } from "../contract.ts";

/** One thing on the LAN as people know it; `device` is null while it is only remembered. */
export interface Entry {
  /** Short, safe in a URL, tells nothing. */
  readonly key: string;
  readonly id: string;
  readonly device: ReportDevice | null;
  readonly known: KnownDevice | null;
  readonly name: string;
  readonly maker: string | null;
}

/** Who is who: joins the report's devices with what people said about them. */
export class Directory {
  readonly entries: readonly Entry[];

  constructor(state: SiteState, vendors: Readonly<Record<string, VendorWords>>, language: Language) {
    const devices = state.report?.devices ?? [];
    const seen = new Set<KnownDevice>();
    const present = devices.map((device) => {
      const known = state.known.find((one) => sameThing(one, device)) ?? null;
      if (known) seen.add(known);
      return entryOf(device, known, vendors, language);
    });
    const remembered = state.known
      .filter((known) => !seen.has(known))
      .map((known) => entryOf(null, known, vendors, language));
    this.entries = [...present, ...remembered];
  }

  /** Cameras and recorders, without those that people have taken out of use. */
  get cameras(): readonly Entry[] {
    return this.entries.filter((entry) => isCamera(entry) && entry.known?.retired !== true);
  }

  ofDevice(id: string): Entry | null {
    const named = (one: KnownDevice | ReportDevice | null) => one?.id === id || one?.aliases.includes(id);
    return this.entries.find(({ device, known }) => named(device) || named(known)) ?? null;
  }

  ofKey(key: string): Entry | null {
    return this.entries.find((entry) => entry.key === key) ?? null;
  }
}

function sameThing(known: KnownDevice, device: ReportDevice): boolean {
  const names = new Set([known.id, ...known.aliases]);
  return [device.id, ...device.aliases].some((id) => names.has(id));
}

export function isCamera(entry: Entry): boolean {
  return isCameraKind(deviceKind(entry));
}

/** As it was seen last. */
export function deviceKind({ device, known }: Pick<Entry, "device" | "known">): DeviceKind {
  return device?.kind ?? known?.kind ?? "unknown";
}

function entryOf(
  device: ReportDevice | null,
  known: KnownDevice | null,
  vendors: Readonly<Record<string, VendorWords>>,
  language: Language,
): Entry {
  const id = known?.id ?? device?.id ?? "";
  const { common, kinds } = wordsOf(language);
  const vendor = device?.vendor ?? null;
  const vendorName = vendor === null ? null : (vendors[vendor]?.name[language] ?? vendor);
  const maker = [vendorName, device?.model].filter((part) => part != null).join(" ") || null;
  const kind = deviceKind({ device, known });
  const fallback = kind === "camera" ? common.unnamedCamera : kinds[kind];
  return {
    key: createHash("sha256").update(id).digest("hex").slice(0, 12),
    id,
    device,
    known,
    name: cleanText(known?.name ?? maker ?? device?.names[0] ?? device?.addresses[0] ?? "") || fallback,
    maker: known?.name == null ? null : maker,
  };
}
