// Asks the router for port mappings, as a camera with "UPnP port forwarding" does at power-on.
// Usage: map-port.mjs ROUTER-DESCRIPTION-URL '[{"protocol":"TCP","externalPort":8081,...}]'
import { request } from "node:http";

export interface MappingRequest {
  readonly protocol: "TCP" | "UDP";
  readonly externalPort: number;
  readonly internalClient: string;
  readonly internalPort: number;
  readonly description: string;
}

const [description = "", list = "[]"] = process.argv.slice(2);

function exchange(url: URL, body: string | null, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method: body === null ? "GET" : "POST", headers, timeout: 5000 },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode}: ${text}`)),
        );
      },
    );
    call.on("timeout", () => call.destroy(new Error("timeout"))).on("error", reject);
    call.end(body ?? undefined);
  });
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** AddPortMapping with a lease of 0 seconds: no end (WANIPConnection:1 §2.4.16, WANIPConnection:2 §2.5.16). */
async function addPortMapping(control: URL, service: string, mapping: MappingRequest): Promise<void> {
  const values = {
    NewRemoteHost: "",
    NewExternalPort: mapping.externalPort,
    NewProtocol: mapping.protocol,
    NewInternalPort: mapping.internalPort,
    NewInternalClient: mapping.internalClient,
    NewEnabled: 1,
    NewPortMappingDescription: escapeXml(mapping.description),
    NewLeaseDuration: 0,
  };
  const parts = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
  const body = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:AddPortMapping xmlns:u="${service}">${parts.join("")}</u:AddPortMapping></s:Body></s:Envelope>`;
  const headers = {
    "Content-Type": 'text/xml; charset="utf-8"',
    "Content-Length": String(Buffer.byteLength(body)),
    SOAPAction: `"${service}#AddPortMapping"`,
  };
  await exchange(control, body, headers);
}

const xml = await exchange(new URL(description), null, {});
const service =
  /<serviceType>(urn:schemas-upnp-org:service:WANIPConnection:\d)<\/serviceType>[\s\S]*?<controlURL>([^<]+)</.exec(
    xml,
  );
if (service === null) throw new Error("the router describes no WANIPConnection");
const [, type = "", controlPath = ""] = service;
for (const mapping of JSON.parse(list) as MappingRequest[]) {
  await addPortMapping(new URL(controlPath, description), type, mapping);
}
