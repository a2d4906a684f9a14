using System.Globalization;
using System.Text;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The audit log of kube-apiserver, a file.</summary>
public sealed class AuditLogFile(string path) : AuditLog
{
    /// <summary>The policy that writes it.</summary>
    public const string Policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        rules:
          - level: None
            users: ["system:apiserver"]
          - level: None
            nonResourceURLs: ["*"]
          - level: Metadata
            verbs: [watch]
          - level: Metadata
            omitStages: [RequestReceived]
        """;

    private const string Received = "RequestReceived";

    /// <inheritdoc/>
    public override long Mark() => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <inheritdoc/>
    public override IReadOnlyList<AuditEntry> Since(long mark)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(mark, SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var entries = new OrderedDictionary<string, AuditEntry>(StringComparer.Ordinal);
        foreach (var line in WholeLines(reader))
        {
            var document = JsonReading.Parse(line);
            var id = document.Text("auditID") ?? "";
            var entry = Read(document);

            // A watch is logged when it comes, and again when it ends, which may be long after.
            if (entry.Verb != "watch" || document.Text("stage") == Received || entries.ContainsKey(id))
            {
                entries[id] = entry;
            }
        }

        return [.. entries.Values];
    }

    private static string[] WholeLines(StreamReader reader)
    {
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static AuditEntry Read(JsonElement json) => new(
        json.Text("userAgent") ?? "",
        json.Text("user", "username") ?? "",
        json.Text("verb") ?? "",
        json.Text("objectRef", "apiGroup") ?? "",
        json.Text("objectRef", "resource") ?? "",
        json.Text("objectRef", "subresource") ?? "",
        json.Text("objectRef", "namespace") ?? "",
        json.Text("objectRef", "name") ?? "",
        (int)(json.Number("responseStatus", "code") ?? 0),
        DateTimeOffset.Parse(json.Text("requestReceivedTimestamp") ?? "", CultureInfo.InvariantCulture));
}
