"use strict";
/**
 * What the canary runs in AWS, as it is: CommonJS on Node 22, with the Synthetics library and the AWS SDK of its runtime.
 * Every step opens a connection of its own, as a user who comes anew does. A step that fails does not hide the next, and fails the run.
 */
const { text } = require("node:stream/consumers");

/** A document that was written within so many seconds is fresh: the run before may have been the last to reach this region. */
const FRESH_SECONDS = 180;
/**
 * A failed step throws. By default the library would go on and call the run a success; `probe` goes on by itself and does not.
 */
const STEP = { continueOnHttpStepFailure: false };
/** Bodies and headers stay out of the artifacts: one of them is a token. The library takes these for the whole run only. */
const REPORT = {
  includeRequestBody: false,
  includeRequestHeaders: false,
  includeResponseBody: false,
  includeResponseHeaders: false,
  restrictedHeaders: ["authorization"],
};

/** @param {string} method @param {string} address @param {Record<string, string>} [headers] @param {string} [body] */
function requestOf(method, address, headers = {}, body = "") {
  const { hostname, pathname, port, protocol } = new URL(address);
  const sized = body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return {
    method,
    protocol,
    hostname,
    port: Number(port) || 443,
    path: pathname,
    agent: false,
    body,
    // A request without a user agent is refused by the web firewall.
    headers: { "user-agent": "platform-canary", "cache-control": "no-cache", ...headers, ...sized },
  };
}

/** @param {readonly number[]} allowed @param {(body: string) => void} [check] */
const expecting = (allowed, check) => async (response) => {
  const body = await text(response);
  if (!allowed.includes(response.statusCode)) {
    throw new Error(`answered ${response.statusCode}, expected ${allowed.join(" or ")}`);
  }
  check?.(body);
};

/** @param {string} body @param {number} now milliseconds since 1970 */
function requireFresh(body, now) {
  const seconds = (now - Date.parse(body)) / 1000;
  if (!(seconds <= FRESH_SECONDS)) throw new Error("the document is not the one that was written last");
}

/**
 * Runs every step, and fails when one of them has failed: what rejects here is a failed run.
 *
 * @param {{
 *   step: (name: string, request: object, check: (response: object) => Promise<void>, config: object) => Promise<void>,
 *   targets: Record<string, string>,
 *   document?: { url: string, token: () => Promise<string> },
 *   now: () => number,
 * }} input
 */
async function probe({ step, targets, document, now }) {
  const failures = [];
  const attempt = (name, request, check) =>
    step(name, request, check, STEP).catch((error) => failures.push(`${name}: ${error.message}`));

  for (const [name, address] of Object.entries(targets)) {
    await attempt(name, requestOf("GET", address), expecting([200]));
  }
  if (document !== undefined) {
    const headers = { authorization: `Bearer ${await document.token()}` };
    const written = new Date(now()).toISOString();
    const put = requestOf("PUT", document.url, { ...headers, "content-type": "text/plain" }, written);
    await attempt("document-write", put, expecting([200, 201]));
    const fresh = expecting([200], (body) => requireFresh(body, now()));
    await attempt("document-read", requestOf("GET", document.url, headers), fresh);
  }
  if (failures.length > 0) throw new Error(failures.join("; "));
}

async function readSecret(secretId) {
  const { GetSecretValueCommand, SecretsManagerClient } = require("@aws-sdk/client-secrets-manager");
  const found = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: secretId }));
  return found.SecretString;
}

async function handler() {
  const synthetics = require("@aws/synthetics-puppeteer");
  synthetics.getConfiguration().setConfig(REPORT);
  const { DOCUMENT_URL, TARGETS, TOKEN_SECRET_ARN } = process.env;
  await probe({
    step: (...step) => synthetics.executeHttpStep(...step),
    targets: JSON.parse(TARGETS),
    document:
      DOCUMENT_URL === undefined
        ? undefined
        : { url: DOCUMENT_URL, token: () => readSecret(TOKEN_SECRET_ARN) },
    now: Date.now,
  });
}

module.exports = { handler, probe };
