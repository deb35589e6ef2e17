import { API_ROUTES, type ApiRoute } from "./api.ts";
import { errorSchema, type Schema } from "./api-schemas.ts";

/** The OpenAPI 3.1 document of the JSON API; `openapi.json` beside this file is its committed copy. */
export function openApiDocument(): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of API_ROUTES) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Komainu",
      version: "1",
      description:
        "Status is open to the LAN. Everything else needs the session cookie that the claim code gives, or the control socket. Changes from a browser must carry our own Origin.",
    },
    paths,
    components: {
      securitySchemes: { session: { type: "apiKey", in: "cookie", name: "komainu" } },
    },
  };
}

function operationOf({ summary, access, params, body, answers }: ApiRoute): Schema {
  const refusals = access !== "open" ? { 401: errorSchema, 403: errorSchema } : {};
  const responses = Object.entries({ ...refusals, ...answers }).map(([status, schema]) => [
    status,
    { description: DESCRIPTIONS[status] ?? "", ...(schema && { content: json(schema) }) },
  ]);
  return {
    summary,
    security: access !== "open" ? [{ session: [] }] : [],
    ...(params && { parameters: parametersOf(params) }),
    ...(body && { requestBody: { content: json(body) } }),
    responses: Object.fromEntries(responses),
  };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: "Done.",
  201: "Recorded.",
  202: "Started.",
  204: "Done.",
  400: "Not understood.",
  401: "Sign in first.",
  403: "Not allowed here.",
  404: "No such thing.",
  503: "Not able to answer for itself.",
};

function json(schema: Schema): Schema {
  return { "application/json": { schema } };
}

function parametersOf({ properties }: Schema): readonly Schema[] {
  return Object.entries(properties as Record<string, Schema>).map(([name, schema]) => ({
    name,
    in: "path",
    required: true,
    schema,
  }));
}
