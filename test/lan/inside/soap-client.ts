import { request } from "node:http";

/** Where an action is asked. */
export interface Control {
  readonly url: URL;
  /** E.g. `urn:schemas-upnp-org:service:WANIPConnection:2`. */
  readonly service: string;
}

/** Finds the first service whose type fits in the description of an IGD. */
export async function findControl(
  description: string,
  type: RegExp,
  localAddress?: string,
): Promise<Control> {
  const xml = await exchange(new URL(description), null, {}, localAddress);
  const services = xml.matchAll(
    /<serviceType>([^<]+)<\/serviceType>(?:(?!<\/service>)[\s\S])*?<controlURL>([^<]+)</g,
  );
  const found = [...services].find(([, each = ""]) => type.test(each));
  if (found === undefined) throw new Error(`the router describes no ${type.source}`);
  const [, service = "", path = ""] = found;
  return { url: new URL(path, description), service };
}

/** One action; resolves with the answer's XML, a fault is an error. `localAddress`: the address to speak from. */
export function act(
  { url, service }: Control,
  action: string,
  values: Readonly<Record<string, string | number>>,
  localAddress?: string,
): Promise<string> {
  const parts = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
  const body = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:${action} xmlns:u="${service}">${parts.join("")}</u:${action}></s:Body></s:Envelope>`;
  const headers = {
    "Content-Type": 'text/xml; charset="utf-8"',
    "Content-Length": String(Buffer.byteLength(body)),
    SOAPAction: `"${service}#${action}"`,
  };
  return exchange(url, body, headers, localAddress);
}

function exchange(
  url: URL,
  body: string | null,
  headers: Record<string, string>,
  localAddress: string | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const method = body === null ? "GET" : "POST";
    const source = localAddress === undefined ? {} : { localAddress };
    const call = request(url, { method, headers, timeout: 5000, ...source }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode}: ${text}`)),
      );
    });
    call.on("timeout", () => call.destroy(new Error("timeout"))).on("error", reject);
    call.end(body ?? undefined);
  });
}
