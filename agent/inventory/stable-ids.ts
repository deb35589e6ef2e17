import { endpointName, macDigits, STABLE_ID_KINDS, type StableId } from "../model/index.ts";

const MAX_LENGTH = 200;

/** `AABBCCDDEEFF` from any usual way to write a MAC address or its prefix. */
export function hexDigits(text: string): string {
  return text.replace(/[^0-9a-f]/giu, "").toUpperCase();
}

/** The id in its one way of writing, or null for one that identifies nobody (nil UUID, group MAC, dummy serial). */
function usableId({ kind, value }: StableId): StableId | null {
  switch (kind) {
    case "mac":
      return found(kind, macDigits(value));
    case "endpoint":
      return found(kind, endpointName(value));
    case "serial": {
      const text = value.trim().slice(0, MAX_LENGTH);
      return isDummySerial(text.slice(text.indexOf(":") + 1).trim()) ? null : { kind, value: text };
    }
  }
}

function found(kind: StableId["kind"], value: string | null): StableId | null {
  return value === null ? null : { kind, value };
}

/** Serial numbers that whole production runs share: too short, one character, counted up, or a word. */
function isDummySerial(serial: string): boolean {
  return (
    serial.length < 4 ||
    /^(.)\1*$/u.test(serial) ||
    "01234567890123456789".includes(serial) ||
    /^(?:none|null|unknown|n\/a|default|serial ?(?:number|no\.?)?)$/iu.test(serial)
  );
}

/** `endpoint:urn:uuid:…`, `serial:…`, `mac:AABBCCDDEEFF`. */
export function idText({ kind, value }: StableId): string {
  return `${kind}:${value}`;
}

/** Strongest first, then by text: the same set always reads the same. */
function byStrength(left: StableId, right: StableId): number {
  const strength = STABLE_ID_KINDS.indexOf(left.kind) - STABLE_ID_KINDS.indexOf(right.kind);
  return strength || (left.value < right.value ? -1 : left.value > right.value ? 1 : 0);
}

/** Ids of one list, each once, in their one way of writing. */
export function usableIds(ids: readonly StableId[]): readonly StableId[] {
  const byText = new Map<string, StableId>();
  for (const id of ids) {
    const usable = usableId(id);
    if (usable !== null) byText.set(idText(usable), usable);
  }
  return [...byText.values()].sort(byStrength);
}
