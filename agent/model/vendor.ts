import type { DeviceKind } from "./device.ts";
import type { FieldName } from "./observation.ts";
import type { LocalizedText } from "./text.ts";

/** Where a fact comes from. `checked` is the day on which somebody last read the source. */
export interface Source {
  readonly source: string;
  readonly checked: string;
}

export interface FingerprintExample {
  readonly value: string;
  readonly model?: string;
  readonly firmware?: string;
}

/**
 * A pattern over one field and what it asserts. Capture groups named `model` and `firmware` are read from the value.
 * Every example must match, and match this vendor and no other.
 */
export interface Fingerprint extends Source {
  readonly field: FieldName;
  /** JavaScript regular expression, flags `iu`, at most 300 characters, no nested quantifiers. */
  readonly pattern: string;
  readonly kind?: DeviceKind;
  /** 0..1: 1 only for a name that nobody else uses. */
  readonly certainty: number;
  readonly examples: readonly FingerprintExample[];
}

export type LoginDoor = "http" | "rtsp" | "onvif";

/** One documented factory login. It is referred to by its index in the file; the strings never leave the process. */
export interface FactoryLogin extends Source {
  readonly user: string;
  readonly password: string;
  /** Which products, in the maker's words. */
  readonly applies?: string;
  /** Doors on which it is known to work; missing means all. */
  readonly doors?: readonly LoginDoor[];
}

export interface VendorPath extends Source {
  /** Begins with "/". */
  readonly path: string;
}

/** How a build date is written in the firmware version. */
export interface FirmwareDateRule extends Source {
  /** Regular expression whose first group holds the date. */
  readonly pattern: string;
  readonly format: "YYMMDD" | "YYYYMMDD" | "YYYY-MM-DD" | "Mon DD YYYY";
  readonly example: string;
  readonly date: string;
}

/** The maker's own menu path or words for one act, in both languages where known. */
export interface MenuPath extends Source {
  readonly text: LocalizedText;
}

/** One vulnerability known to be exploited, matched by model and version or build date only, never by trying it. */
export interface Advisory extends Source {
  readonly id: string;
  /** Comma-separated model names without regard to case, `*` for any run and `?` for one character; missing = all. */
  readonly models?: string;
  /** `fixedVersion`: lower is affected. `fixedDate` (YYYY-MM-DD): an older build date is affected. Neither: ask the maker. */
  readonly fixedVersion?: string;
  readonly fixedDate?: string;
  readonly knownExploited: boolean;
  readonly title: LocalizedText;
}

/** One vendor file, `agent/vendors/<id>.json`. Pure data: no import, no computation. */
export interface VendorFile {
  readonly id: string;
  readonly name: LocalizedText;
  readonly kind: DeviceKind;
  /** MAC prefixes, six to nine upper-case hex digits. */
  readonly oui?: Source & { readonly prefixes: readonly string[]; readonly camerasOnly: boolean };
  readonly fingerprints: readonly Fingerprint[];
  readonly factoryLogins: readonly FactoryLogin[];
  /** HTTP path that answers 401 without and 200 with a right login, changing nothing. */
  readonly loginPath?: VendorPath;
  readonly picturePaths: readonly VendorPath[];
  readonly rtspPaths: readonly VendorPath[];
  readonly firmwareDate?: FirmwareDateRule;
  readonly lockout?: Source & { readonly text: LocalizedText };
  readonly menus: {
    readonly changePassword?: MenuPath;
    readonly requireLogin?: MenuPath;
    readonly disableUpnp?: MenuPath;
    readonly updateFirmware?: MenuPath;
  };
  readonly advisories: readonly Advisory[];
}

export type VendorMenu = keyof VendorFile["menus"];
