import {
  type Answer,
  endpointName,
  type FieldName,
  failure,
  type ServiceHint,
  success,
} from "../model/index.ts";
import { deviceUri } from "./device-uri.ts";
import { fieldsOf, type Sighting } from "./sighting.ts";
import type { OwnUri } from "./ssdp.ts";
import { elements, parseXml, textAt, type XmlElement } from "./xml.ts";

export interface UpnpService {
  /** E.g. `urn:schemas-upnp-org:service:WANIPConnection:2`. */
  readonly type: string;
  readonly control: OwnUri;
}

/** One device of a description, root first, then the embedded ones in document order. */
export interface UpnpDevice {
  readonly deviceType: string;
  readonly manufacturer: string;
  readonly modelName: string;
  readonly modelNumber: string;
  readonly modelDescription: string;
  readonly friendlyName: string;
  readonly serialNumber: string;
  readonly UDN: string;
  readonly presentation: OwnUri | null;
  /** Those whose control URL leads to the described host. */
  readonly services: readonly UpnpService[];
}

const MAX_DEPTH = 4;
const MAX_DEVICES = 32;
const MAX_SERVICES = 32;

/**
 * Reads a device description (UPnP Device Architecture 2.0, 2.3). URLs are resolved against URLBase (1.0) or
 * `location`; those of other hosts are left out. Errors: those of `parseXml`, `malformed` without a device.
 */
export function parseDescription(
  document: Buffer,
  sender: string,
  location: OwnUri,
): Answer<readonly UpnpDevice[]> {
  const parsed = parseXml(document);
  if (!parsed.ok) return parsed;
  const announcedBase = deviceUri(textAt(parsed.value, ["root", "URLBase"]) ?? "", [sender]);
  const base =
    announcedBase?.kind === "own" && /^https?$/.test(announcedBase.scheme) ? announcedBase : location;
  const devices: UpnpDevice[] = [];
  let level = elements(parsed.value, "root", "device");
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    for (const node of level.slice(0, MAX_DEVICES - devices.length)) devices.push(device(node, sender, base));
    level = level.flatMap((node) => elements(node, "deviceList", "device"));
  }
  return devices.length === 0 ? failure("malformed", "no UPnP device") : success(devices);
}

function device(node: XmlElement, sender: string, base: OwnUri): UpnpDevice {
  const text = (name: string) => textAt(node, [name]) ?? "";
  const services = elements(node, "serviceList", "service").slice(0, MAX_SERVICES);
  return {
    deviceType: text("deviceType"),
    manufacturer: text("manufacturer"),
    modelName: text("modelName"),
    modelNumber: text("modelNumber"),
    modelDescription: text("modelDescription"),
    friendlyName: text("friendlyName"),
    serialNumber: text("serialNumber"),
    UDN: text("UDN"),
    presentation: resolved(text("presentationURL"), sender, base),
    services: services.flatMap((service) => {
      const control = resolved(textAt(service, ["controlURL"]) ?? "", sender, base);
      return control === null ? [] : [{ type: textAt(service, ["serviceType"]) ?? "", control }];
    }),
  };
}

/** Resolves a reference inside the document (RFC 3986, 5.2). Null where it is empty or leads to another host. */
function resolved(reference: string, sender: string, base: OwnUri): OwnUri | null {
  const trimmed = reference.trim();
  if (trimmed === "") return null;
  const origin = "http://sender.invalid";
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(trimmed);
  const target =
    isAbsolute || !URL.canParse(trimmed, origin + base.path) ? null : new URL(trimmed, origin + base.path);
  if (target !== null && target.host !== "sender.invalid") return null;
  const path = target === null ? null : target.pathname + target.search;
  const uri = deviceUri(path === null ? trimmed : `${base.scheme}://0.0.0.0:${base.port}${path}`, [sender]);
  return uri?.kind === "own" && /^https?$/.test(uri.scheme) ? uri : null;
}

/** What a description says about the sender. Names come from the root device, types from all. */
export function describeUpnp(devices: readonly UpnpDevice[]): Sighting {
  const [root] = devices;
  const name = endpointName(root?.UDN ?? "");
  const rootFields: readonly (readonly [FieldName, string | null])[] = [
    ["upnp.manufacturer", root?.manufacturer ?? null],
    ["upnp.modelName", root?.modelName ?? null],
    ["upnp.modelNumber", root?.modelNumber ?? null],
    ["upnp.modelDescription", root?.modelDescription ?? null],
    ["upnp.friendlyName", root?.friendlyName ?? null],
    ["upnp.serialNumber", root?.serialNumber ?? null],
  ];
  const types = devices.map(({ deviceType }) => ["upnp.deviceType", deviceType] as const);
  const page = root?.presentation ?? null;
  const services: readonly ServiceHint[] =
    page === null
      ? []
      : [{ protocol: page.scheme === "https" ? "https" : "http", port: page.port, path: page.path }];
  return {
    ids: name === null ? [] : [{ kind: "endpoint", value: name }],
    fields: fieldsOf([...types, ...rootFields], 256),
    services,
  };
}
