/**
 * A UPnP root device that announces itself (UPnP Device Architecture 1.1: 1.2 NOTIFY, 1.3 search, 2.3 description).
 */
import type { Fixture } from "../../agent/model/index.ts";
import type { Tenant } from "./http.ts";
import { type Announcer, type Group, joinGroup } from "./multicast.ts";
import { escapeXml } from "./soap.ts";
import type { Place } from "./wire.ts";

export const SSDP_GROUP: Group = { port: 1900, address: "239.255.255.250", address6: "ff02::c" };
const MAX_AGE_SECONDS = 1800;

export type RootDevice = NonNullable<Fixture["announces"]["ssdp"]>;

export async function ssdpDevice(
  device: RootDevice,
  place: Place,
  location = locationOf(device, place),
): Promise<Announcer> {
  const member = await joinGroup(SSDP_GROUP, place, (message, _from, answer) => {
    for (const text of searchAnswers(device, location, message.toString("latin1"))) answer(Buffer.from(text));
  });
  const tell = (alive: boolean) => {
    for (const target of targets(device))
      member.toGroup(Buffer.from(notify(device, location, target, alive)));
  };
  return { announce: () => tell(true), bye: () => tell(false), close: () => member.close() };
}

export function locationOf({ port, path }: RootDevice, { address }: Place): string {
  return `http://${address}:${port}${path}`;
}

/** One response a target that the M-SEARCH asks for; none when the message is no search for us. */
export function searchAnswers(device: RootDevice, location: string, search: string): string[] {
  const st = /^ST:[ \t]*(.*?)[ \t]*$/im.exec(search)?.[1];
  if (!search.startsWith("M-SEARCH * HTTP/1.1") || !/^MAN:\s*"ssdp:discover"/im.test(search)) return [];
  const wanted = targets(device).filter((target) => st === "ssdp:all" || st === target);
  return wanted.map((target) =>
    message("HTTP/1.1 200 OK", {
      "CACHE-CONTROL": `max-age=${MAX_AGE_SECONDS}`,
      DATE: new Date().toUTCString(),
      EXT: "",
      LOCATION: location,
      SERVER: device.server,
      ST: target,
      USN: uniqueName(device, target),
    }),
  );
}

function notify(device: RootDevice, location: string, target: string, alive: boolean): string {
  const common = { HOST: "239.255.255.250:1900", NT: target, USN: uniqueName(device, target) };
  return alive
    ? message("NOTIFY * HTTP/1.1", {
        ...common,
        NTS: "ssdp:alive",
        "CACHE-CONTROL": `max-age=${MAX_AGE_SECONDS}`,
        LOCATION: location,
        SERVER: device.server,
      })
    : message("NOTIFY * HTTP/1.1", { ...common, NTS: "ssdp:byebye" });
}

function targets(device: RootDevice): string[] {
  return ["upnp:rootdevice", `uuid:${plainUuid(device)}`, device.deviceType];
}

function uniqueName(device: RootDevice, target: string): string {
  const uuid = `uuid:${plainUuid(device)}`;
  return target === uuid ? uuid : `${uuid}::${target}`;
}

function plainUuid({ uuid }: RootDevice): string {
  return uuid.replace(/^uuid:/i, "");
}

function message(start: string, headers: Readonly<Record<string, string>>): string {
  return `${[start, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join("\r\n")}\r\n\r\n`;
}

/** Serves the description document on the device's web port. */
export function descriptionTenant(device: RootDevice): Tenant {
  return (request, response) => {
    if ((request.url ?? "").split("?")[0] !== device.path) return false;
    request.resume();
    const document = descriptionDocument(device);
    response.writeHead(200, {
      "Content-Type": 'text/xml; charset="utf-8"',
      "Content-Length": Buffer.byteLength(document),
    });
    response.end(document);
    return true;
  };
}

export function descriptionDocument(device: RootDevice): string {
  const fields = Object.entries(device.description)
    .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    .join("");
  return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion><device><deviceType>${escapeXml(device.deviceType)}</deviceType>${fields}<UDN>uuid:${escapeXml(plainUuid(device))}</UDN></device></root>`;
}
