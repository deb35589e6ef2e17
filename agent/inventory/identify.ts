import {
  cleanText,
  type DeviceKind,
  type FieldName,
  type Fields,
  type Fingerprint,
  type Identity,
  isCameraKind,
  type VendorFile,
} from "../model/index.ts";
import { matchable } from "./identify-fields.ts";
import { type KindSign, protocolSigns } from "./kind.ts";
import type { Vendors } from "./vendors.ts";

const MAX_NAME = 80;

/** Below this a maker is only worth naming for what is known to be a camera. */
const NAMED = 0.25;
/** What a sign must reach before the device counts as that kind. */
const DECIDED = 0.5;
/** A camera's own protocols this sure outweigh whatever else the same device announces. */
const SURELY_CAMERA = 0.7;
/** A prefix of a maker of cameras only, and of one that makes other things too. */
const OUI_OF_CAMERAS = 0.5;
const OUI_OF_ANYTHING = 0.3;

/** What stands in the place of a model where nobody wrote one. */
const NO_MODEL = /^(?:model|unknown|null|none|n\/a|ipc|ipc-model|nvt|network_?video_?transmitter)$/iu;

/** Text that any owner may type: all of it together is one weak sign, however often it is repeated. */
const FREE_TEXT: ReadonlySet<FieldName> = new Set([
  "hostname",
  "mdns.host",
  "mdns.instance",
  "upnp.friendlyName",
]);

interface Match {
  readonly vendor: VendorFile;
  /** Signs from one group say the same thing: only the strongest counts. */
  readonly group: string;
  readonly certainty: number;
  readonly kind: DeviceKind;
  /** True where the fingerprint itself names the kind, as for a maker's recorders. */
  readonly exact: boolean;
  readonly model: string | null;
  readonly firmware: string | null;
}

/**
 * Maker, model, firmware and kind from what a device showed. Pure. Signs from different fields add up as
 * 1 - (1-a)(1-b)…; the highest maker wins, less sure the more speaks for the next one. What a fingerprint says of
 * the kind beats its maker's usual kind. No camera escapes its check by what else it announces: sure signs of one
 * decide, weaker ones leave the kind unknown, so that it is asked.
 */
export function identify(fields: Fields, vendors: Vendors, hints: readonly KindSign[] = []): Identity {
  const shown = matchable(fields);
  const matches = [...fingerprintMatches(shown, vendors), ...prefixMatches(shown, vendors)];
  const best = strongestVendor(matches);
  const own = matches.filter(({ vendor }) => vendor === best?.vendor);
  const kind = decideKind(own, protocolSigns(shown), hints);
  const named = best !== null && isNamed(best.certainty, own, kind.kind);
  const vendor = named ? best.vendor.id : null;
  const told = named ? own : [];
  return {
    kind: kind.kind,
    vendor,
    model: captured(told, "model") ?? announced(shown, ["onvif.model", "upnp.modelName", "onvif.hardware"]),
    firmware: captured(told, "firmware") ?? announced(shown, ["onvif.firmware"]),
    certainty: round(named ? best.certainty * (1 - best.rival / 2) : kind.certainty),
  };
}

function fingerprintMatches(fields: Fields, vendors: Vendors): readonly Match[] {
  const matches: Match[] = [];
  for (const [field, candidates] of vendors.byField) {
    for (const { vendor, fingerprint, expression } of candidates) {
      for (const value of fields[field] ?? []) {
        const match = expression.exec(value);
        if (match !== null) matches.push(fingerprintMatch(vendor, fingerprint, match.groups));
      }
    }
  }
  return matches;
}

function fingerprintMatch(
  vendor: VendorFile,
  fingerprint: Fingerprint,
  groups: Readonly<Record<string, string>> | undefined,
): Match {
  return {
    vendor,
    group: FREE_TEXT.has(fingerprint.field) ? "free text" : fingerprint.field,
    certainty: fingerprint.certainty,
    kind: fingerprint.kind ?? vendor.kind,
    exact: fingerprint.kind !== undefined,
    model: nameOrNull(groups?.model),
    firmware: nameOrNull(groups?.firmware),
  };
}

function prefixMatches(fields: Fields, vendors: Vendors): readonly Match[] {
  return (fields.mac ?? []).flatMap((mac) => {
    // The longest assignment owns the address: a nine-digit block is cut out of a six-digit one.
    for (const length of [9, 7, 6]) {
      const owners = vendors.byPrefix.get(mac.slice(0, length));
      if (owners !== undefined) return owners.map((vendor) => prefixMatch(vendor));
    }
    return [];
  });
}

function prefixMatch(vendor: VendorFile): Match {
  const camerasOnly = vendor.oui?.camerasOnly === true;
  return {
    vendor,
    group: "mac",
    certainty: camerasOnly ? OUI_OF_CAMERAS : OUI_OF_ANYTHING,
    kind: camerasOnly ? vendor.kind : "unknown",
    exact: false,
    model: null,
    firmware: null,
  };
}

/** What the signs of one maker come to, and those of the next best. */
interface Strongest {
  readonly vendor: VendorFile;
  readonly certainty: number;
  readonly rival: number;
}

function strongestVendor(matches: readonly Match[]): Strongest | null {
  const vendors = [...new Set(matches.map(({ vendor }) => vendor))];
  const scored = vendors.map((vendor) => {
    const own = matches.filter((match) => match.vendor === vendor);
    return { vendor, certainty: together(own), single: Math.max(...own.map(({ certainty }) => certainty)) };
  });
  scored.sort(
    (a, b) => b.certainty - a.certainty || b.single - a.single || (a.vendor.id < b.vendor.id ? -1 : 1),
  );
  const [first, second] = scored;
  if (first === undefined) return null;
  // Two makers with nothing but a shared prefix or server name: naming either would be a guess.
  const tied = second !== undefined && second.certainty === first.certainty && first.certainty < DECIDED;
  return tied ? null : { vendor: first.vendor, certainty: first.certainty, rival: second?.certainty ?? 0 };
}

/** Certainty of several signs: of each group the strongest, groups combined as independent. */
function together(signs: readonly { readonly group: string; readonly certainty: number }[]): number {
  const strongest = new Map<string, number>();
  for (const { group, certainty } of signs) {
    strongest.set(group, Math.max(certainty, strongest.get(group) ?? 0));
  }
  return 1 - [...strongest.values()].reduce((doubt, certainty) => doubt * (1 - certainty), 1);
}

function decideKind(
  own: readonly Match[],
  protocol: readonly KindSign[],
  hints: readonly KindSign[],
): KindSign {
  const exact = own.filter((match) => match.exact && match.certainty >= DECIDED);
  const [told] = exact.toSorted((a, b) => b.certainty - a.certainty);
  if (told !== undefined) return { kind: told.kind, certainty: told.certainty };
  const signs = [
    ...own.map(({ kind, group, certainty }) => ({ kind, group, certainty })),
    ...asSigns([...protocol, ...hints]),
  ].filter(({ kind }) => kind !== "unknown");
  const kinds = [...new Set(signs.map(({ kind }) => kind))].map((kind) => ({
    kind,
    certainty: together(signs.filter((sign) => sign.kind === kind)),
  }));
  const ranked = kinds.toSorted((a, b) => b.certainty - a.certainty || (a.kind < b.kind ? -1 : 1));
  const [first] = ranked;
  if (first === undefined || first.certainty < DECIDED) return { kind: "unknown", certainty: 0 };
  // Who forwards our packets is a router; anybody may call himself one, or a printer.
  if (isLens(first) || hints.some(({ kind }) => kind === first.kind)) return first;
  const lens = together([...own.filter(({ group }) => group === "mac"), ...asSigns(protocol)].filter(isLens));
  if (lens < DECIDED) return first;
  const camera = ranked.find(isLens);
  return camera && lens >= SURELY_CAMERA ? camera : { kind: "unknown", certainty: 0 };
}

/** Each with a group of its own: protocols speak independently. */
function asSigns(signs: readonly KindSign[]): readonly (KindSign & { readonly group: string })[] {
  return signs.map(({ kind, certainty }, index) => ({ kind, group: `protocol ${index}`, certainty }));
}

function isLens({ kind }: { readonly kind: DeviceKind }): boolean {
  return isCameraKind(kind);
}

/** A printer with a chip or server that some cameras share is not a product of that camera maker. */
function isNamed(certainty: number, own: readonly Match[], kind: DeviceKind): boolean {
  if (isLens({ kind })) return true;
  if (kind === "unknown") return certainty >= NAMED;
  return own.some((match) => match.certainty >= DECIDED && match.group !== "mac");
}

function captured(matches: readonly Match[], part: "model" | "firmware"): string | null {
  const [best] = matches
    .flatMap((match) => (match[part] === null ? [] : [{ text: match[part], certainty: match.certainty }]))
    .toSorted(
      (a, b) => b.certainty - a.certainty || b.text.length - a.text.length || (a.text < b.text ? -1 : 1),
    );
  return best?.text ?? null;
}

/** What the device tells in a field made for it, whoever built it. */
function announced(fields: Fields, names: readonly FieldName[]): string | null {
  for (const name of names) {
    const value = nameOrNull(fields[name]?.[0]);
    if (value !== null && !NO_MODEL.test(value)) return value;
  }
  return null;
}

function nameOrNull(text: string | undefined): string | null {
  const name = cleanText(text ?? "", MAX_NAME);
  return name === "" ? null : name;
}

function round(certainty: number): number {
  return Math.round(certainty * 1000) / 1000;
}
