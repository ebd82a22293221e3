// The same requests signed by makers in JavaScript: JSON in, JSON out, as makers.py.
// Rule: each as its documentation says; what a maker has no call for is null.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

// The modules are beside the directory that the command runs in, not beside this file.
const load = createRequire(process.cwd() + "/");
const maker = process.argv[2];
const given = JSON.parse(readFileSync(0, "utf8"));
const [accessKeyId, secretAccessKey] = given.keys;
const endpointOf = (request) => request.store ?? `https://s3.${request.region}.amazonaws.com`;
// S3's percent-encoding of a key, for those who take a URL and not a key.
const encoded = (key) =>
  key.split("/").map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (c) =>
    "%" + c.charCodeAt(0).toString(16).toUpperCase())).join("/");
const remembered = (make) => {
  const made = new Map();
  return (...words) => {
    const name = JSON.stringify(words);
    if (!made.has(name)) made.set(name, make(...words));
    return made.get(name);
  };
};

const MAKERS = {
  "aws-sdk-js": async () => {
    const s3 = load("@aws-sdk/client-s3");
    const { getSignedUrl } = load("@aws-sdk/s3-request-presigner");
    const { createPresignedPost } = load("@aws-sdk/s3-presigned-post");
    const client = remembered((region, store, token) => new s3.S3Client({
      region, endpoint: store ?? undefined, forcePathStyle: store !== null,
      credentials: { accessKeyId, secretAccessKey, sessionToken: token ?? undefined },
    }));
    const commands = { GET: s3.GetObjectCommand, PUT: s3.PutObjectCommand, HEAD: s3.HeadObjectCommand,
      DELETE: s3.DeleteObjectCommand };
    return {
      url: (r) => {
        const names = Object.entries(r.parameters);
        if (names.length && (r.method === "PUT" || r.method === "DELETE")) return null;
        const camel = (name) => name.split("-").map((w) => w[0].toUpperCase() + w.slice(1)).join("");
        const input = { Bucket: r.bucket, Key: r.key, ...Object.fromEntries(names.map(([n, v]) => [camel(n), v])) };
        return getSignedUrl(client(r.region, r.store, r.token), new commands[r.method](input), { expiresIn: r.expires_in });
      },
      form: (r) => createPresignedPost(client(r.region, r.store, r.token), { Bucket: r.bucket, Key: r.key,
        Fields: r.fields, Conditions: [["content-length-range", ...r.sizes]], Expires: r.expires_in }),
    };
  },
  "minio-js": async () => {
    const minio = load("minio");
    const client = remembered((endpoint, region, token) => {
      const url = new URL(endpoint);
      return new minio.Client({ endPoint: url.hostname, port: url.port ? Number(url.port) : undefined,
        useSSL: url.protocol === "https:", accessKey: accessKeyId, secretKey: secretAccessKey,
        sessionToken: token ?? undefined, region });
    });
    return {
      url: (r) => client(endpointOf(r), r.region, r.token)
        .presignedUrl(r.method, r.bucket, r.key, r.expires_in, r.parameters),
      form: async (r) => {
        const policy = client(endpointOf(r), r.region, r.token).newPostPolicy();
        policy.setBucket(r.bucket);
        policy.setKey(r.key);
        policy.setExpires(new Date(Date.now() + r.expires_in * 1000));
        policy.setContentLengthRange(...r.sizes);
        if (r.fields["Content-Type"]) policy.setContentType(r.fields["Content-Type"]);
        if (r.fields["x-amz-meta-owner"]) policy.setUserMetaData({ owner: r.fields["x-amz-meta-owner"] });
        const { postURL, formData } = await client(endpointOf(r), r.region, r.token).presignedPostPolicy(policy);
        return { url: postURL, fields: formData };
      },
    };
  },
  aws4fetch: async () => {
    const { AwsClient } = load("aws4fetch");
    return {
      url: async (r) => {
        const client = new AwsClient({ accessKeyId, secretAccessKey, sessionToken: r.token ?? undefined,
          service: "s3", region: r.region });
        const query = new URLSearchParams({ ...r.parameters, "X-Amz-Expires": String(r.expires_in) });
        const url = `${endpointOf(r)}/${r.bucket}/${encoded(r.key)}?${query}`;
        return (await client.sign(url, { method: r.method, aws: { signQuery: true } })).url;
      },
    };
  },
  aws4: async () => {
    const aws4 = load("aws4");
    return {
      url: (r) => {
        const [scheme, host] = endpointOf(r).split("://");
        const names = [...Object.entries(r.parameters), ["X-Amz-Expires", String(r.expires_in)]];
        const query = names.map(([n, v]) => `${encodeURIComponent(n)}=${encodeURIComponent(v)}`).join("&");
        const signed = aws4.sign({ service: "s3", region: r.region, method: r.method, host, signQuery: true,
          path: `/${r.bucket}/${encoded(r.key)}?${query}`, headers: { Host: host } },
          { accessKeyId, secretAccessKey, sessionToken: r.token ?? undefined });
        return `${scheme}://${host}${signed.path}`;
      },
    };
  },
  "s3-lite-client": async () => {
    const { S3Client } = await import(load.resolve("@bradenmacdonald/s3-lite-client"));
    const client = remembered((endPoint, region, bucket, sessionToken) => new S3Client({ endPoint, region, bucket,
      accessKey: accessKeyId, secretKey: secretAccessKey, sessionToken: sessionToken ?? undefined, pathStyle: true }));
    return {
      url: (r) => client(endpointOf(r), r.region, r.bucket, r.token)
        .getPresignedUrl(r.method, r.key, { expirySeconds: r.expires_in, parameters: r.parameters }),
      form: (r) => r.token ? null : client(endpointOf(r), r.region, r.bucket, null).presignedPostObject(r.key, {
        expirySeconds: r.expires_in, fields: r.fields, conditions: [["content-length-range", ...r.sizes]] }),
    };
  },
};

const answer = async (sign, request) => {
  if (!sign) return null;
  try {
    return await sign(request);
  } catch (fault) {
    return { refused: `${fault.name}: ${fault.message}`.slice(0, 200) };
  }
};
const { url, form } = await MAKERS[maker]();
const found = { urls: [], forms: [] };
for (const request of given.requests) found.urls.push(await answer(url, request));
for (const request of given.forms) found.forms.push(await answer(form, request));
process.stdout.write(JSON.stringify(found));
