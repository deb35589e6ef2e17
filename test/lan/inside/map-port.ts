// Asks the router for port mappings, as a camera with "UPnP port forwarding" does at power-on.
// Usage: map-port.mjs ROUTER-DESCRIPTION-URL '[{"protocol":"TCP","externalPort":8081,...}]'
import { act, findControl } from "./soap-client.ts";

export interface MappingRequest {
  readonly protocol: "TCP" | "UDP";
  readonly externalPort: number;
  readonly internalClient: string;
  readonly internalPort: number;
  readonly description: string;
}

const [description = "", list = "[]"] = process.argv.slice(2);

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const control = await findControl(description, /:WANIPConnection:\d$/);
for (const mapping of JSON.parse(list) as MappingRequest[]) {
  // A lease of 0 seconds: no end (WANIPConnection:1 §2.4.16, WANIPConnection:2 §2.5.16).
  await act(control, "AddPortMapping", {
    NewRemoteHost: "",
    NewExternalPort: mapping.externalPort,
    NewProtocol: mapping.protocol,
    NewInternalPort: mapping.internalPort,
    NewInternalClient: mapping.internalClient,
    NewEnabled: 1,
    NewPortMappingDescription: escapeXml(mapping.description),
    NewLeaseDuration: 0,
  });
}
