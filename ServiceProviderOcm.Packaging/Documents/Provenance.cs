using System.Text.Json.Nodes;
using ServiceProviderOcm.Packaging.Oci;

namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>How the image was built: an in-toto statement with a predicate of SLSA 1. It has no time of the run, so that runs are identical.</summary>
public static class Provenance
{
    /// <param name="facts">The version.</param>
    /// <param name="digest">The digest of the image.</param>
    /// <param name="baseDigest">The digest of the base image.</param>
    /// <param name="lockFile">The content of the file that locks the packages.</param>
    /// <param name="sdk">The version of the .NET SDK.</param>
    /// <param name="builder">Who builds: the URL of the workflow, or of the script.</param>
    /// <param name="invocation">The URL of the run; null for a local one.</param>
    public static JsonObject Create(
        VersionFacts facts, string digest, string baseDigest, byte[] lockFile, string sdk, Uri builder, Uri? invocation)
    {
        var metadata = invocation is null ? null : new JsonObject { ["invocationId"] = invocation.OriginalString };
        var run = new JsonObject { ["builder"] = new JsonObject { ["id"] = builder.OriginalString } };
        if (metadata is not null)
        {
            run["metadata"] = metadata;
        }

        return new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(new JsonObject { ["name"] = facts.Image, ["digest"] = Sha256(digest) }),
            ["predicateType"] = "https://slsa.dev/provenance/v1",
            ["predicate"] = new JsonObject
            {
                ["buildDefinition"] = new JsonObject
                {
                    ["buildType"] = $"{facts.Source.OriginalString}/scripts/release@v1",
                    ["externalParameters"] = new JsonObject
                    {
                        ["source"] = facts.Source.OriginalString,
                        ["revision"] = facts.Revision,
                        ["version"] = facts.Version,
                        ["image"] = facts.Image,
                    },
                    ["resolvedDependencies"] = new JsonArray(
                        new JsonObject
                        {
                            ["uri"] = $"git+{facts.Source.OriginalString}@{facts.Revision}",
                            ["digest"] = new JsonObject { ["gitCommit"] = facts.Revision },
                        },
                        new JsonObject { ["name"] = "base image", ["digest"] = Sha256(baseDigest) },
                        new JsonObject { ["name"] = "packages.image.lock.json", ["digest"] = Sha256(Digests.Of(lockFile)) },
                        new JsonObject { ["name"] = ".NET SDK", ["uri"] = $"pkg:generic/dotnet-sdk@{Uri.EscapeDataString(sdk)}" }),
                },
                ["runDetails"] = run,
            },
        };
    }

    private static JsonObject Sha256(string digest) => new() { ["sha256"] = Digests.Hex(digest) };
}
