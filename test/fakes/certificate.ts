/**
 * A self-signed X.509 certificate with any subject, written as DER (RFC 5280, 4.1; ITU-T X.690), as cameras make one
 * for themselves at first start. The key is new in each process, so that none lies in the repository.
 */
import { generateKeyPairSync, sign } from "node:crypto";

const SEQUENCE = 0x30;
const SET = 0x31;
const ECDSA_WITH_SHA256 = Buffer.from("300a06082a8648ce3d040302", "hex");
const ATTRIBUTES: Readonly<Record<string, string>> = {
  CN: "550403",
  C: "550406",
  L: "550407",
  ST: "550408",
  O: "55040a",
  OU: "55040b",
};

/** `subject` is a common name or a list such as `CN=camera, O=Maker`. */
export function selfSigned(subject: string): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = distinguishedName(subject);
  const content = der(
    SEQUENCE,
    der(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    name,
    der(SEQUENCE, der(0x17, Buffer.from("150101000000Z")), der(0x17, Buffer.from("350101000000Z"))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", content, privateKey);
  const certificate = der(SEQUENCE, content, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}

function distinguishedName(subject: string): Buffer {
  const parts = subject.split(/[,/\n]\s*(?=(?:CN|C|L|ST|O|OU)=)/).filter((part) => part !== "");
  return der(
    SEQUENCE,
    ...parts.map((part) => {
      const [, type = "CN", value = part] = /^(CN|C|L|ST|O|OU)=(.*)$/s.exec(part) ?? [];
      const attribute = der(0x06, Buffer.from(ATTRIBUTES[type] ?? "550403", "hex"));
      return der(SET, der(SEQUENCE, attribute, der(0x0c, Buffer.from(value, "utf8"))));
    }),
  );
}

/** One tag-length-value. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const value = Buffer.concat(content);
  const length =
    value.length < 0x80
      ? [value.length]
      : value.length < 0x100
        ? [0x81, value.length]
        : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}
