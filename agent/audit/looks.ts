import {
  type DoorFingerprint,
  type InsideDoor,
  type ReachedPort,
  type RouterView,
  type SiteEvidence,
  sameDoor,
  siteFactOf,
} from "../model/index.ts";

/** What was asked at the site's outside IPv4 address, from where, and what the same doors answer inside. */
export interface Look {
  readonly ground: "inside" | "outside";
  readonly address: string;
  readonly routerId: string | null;
  readonly asked: readonly ReachedPort[];
  readonly inside: readonly InsideDoor[];
}

export function looksOf({
  questions,
  routers,
}: {
  readonly questions: SiteEvidence;
  readonly routers: readonly RouterView[];
}): readonly Look[] {
  const hairpin = siteFactOf(questions, "hairpin");
  const looks = siteFactOf(questions, "vantage")?.looks.filter(({ family }) => family === 4) ?? [];
  return [
    ...(hairpin ? [{ ...hairpin, ground: "inside" as const }] : []),
    ...looks.map(({ seenAs, asked, inside }) => ({
      ground: "outside" as const,
      address: seenAs,
      routerId: routers.find(({ externalAddress }) => externalAddress === seenAs)?.routerId ?? null,
      asked,
      inside,
    })),
  ];
}

/** The doors inside that answer in just this way. */
export function doorsSeen(
  inside: readonly InsideDoor[],
  fingerprint: DoorFingerprint | null,
): readonly InsideDoor[] {
  if (fingerprint === null) return [];
  return inside.filter((door) => sameDoor(door.fingerprint, fingerprint));
}
