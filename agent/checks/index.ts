import type { Check, CheckId, CheckText, LocalizedText } from "../model/index.ts";
import { agentExposed } from "./agent-exposed.ts";
import { anonymousAccess } from "./anonymous-access.ts";
import { defaultCredentials } from "./default-credentials.ts";
import { ipv6Reachable } from "./ipv6-reachable.ts";
import { knownExploitedVulnerability } from "./known-exploited-vulnerability.ts";
import { missingCamera } from "./missing-camera.ts";
import { openLiveView } from "./open-live-view.ts";
import { outdatedFirmware } from "./outdated-firmware.ts";
import { portMappingToCamera } from "./port-mapping-to-camera.ts";
import { portMappingToOther } from "./port-mapping-to-other.ts";
import { reachableFromInternet } from "./reachable-from-internet.ts";
import { reasons } from "./reasons.ts";
import { routerUpnpEnabled } from "./router-upnp-enabled.ts";
import { telnetOpen } from "./telnet-open.ts";
import { unencryptedAccess } from "./unencrypted-access.ts";
import { unknownCamera } from "./unknown-camera.ts";

/** The order is policy: what is to be mended first comes first wherever findings of one severity are listed. */
export const CHECKS: readonly Check[] = [
  agentExposed,
  openLiveView,
  defaultCredentials,
  portMappingToCamera,
  reachableFromInternet,
  ipv6Reachable,
  knownExploitedVulnerability,
  telnetOpen,
  anonymousAccess,
  portMappingToOther,
  unknownCamera,
  missingCamera,
  outdatedFirmware,
  routerUpnpEnabled,
  unencryptedAccess,
];

/** The words of every check. */
export const catalogue = Object.fromEntries(CHECKS.map(({ id, text }) => [id, text])) as Readonly<
  Record<CheckId, CheckText>
>;

/** Words for every code that stands in `Outcome.because`. */
export const reasonText: Readonly<Record<string, LocalizedText>> = reasons;
