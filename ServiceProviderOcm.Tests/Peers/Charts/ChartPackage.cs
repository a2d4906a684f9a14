using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace ServiceProviderOcm.Tests.Peers.Charts;

/// <summary>
/// A Helm chart that stands for the toolkit's, as a package: a ConfigMap with the chart's version, a Deployment on request, and a schema that
/// rejects unknown values, as that of the toolkit does.
/// </summary>
public sealed class ChartPackage
{
    /// <summary>The chart's name.</summary>
    public const string Name = "ocm-k8s-toolkit";

    /// <summary>The object that each version installs.</summary>
    public const string ConfigMap = "toolkit";

    /// <summary>The Deployment that is installed with the value <c>manager.deployed</c>. It has no replicas: no node runs pods here.</summary>
    public const string Deployment = "toolkit-controller-manager";

    private const string Values = """
        manager:
          deployed: false
          replicas: 1
          imagePullSecrets: []
        """;

    private const string Schema = """
        {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "global": { "type": "object" },
            "manager": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "deployed": { "type": "boolean" },
                "replicas": { "type": "integer" },
                "imagePullSecrets": { "type": "array" }
              }
            }
          }
        }
        """;

    private const string ConfigMapTemplate = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: toolkit
        data:
          version: {{ .Chart.Version | quote }}
          replicas: {{ .Values.manager.replicas | quote }}
        """;

    private const string DeploymentTemplate = """
        {{- if .Values.manager.deployed }}
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: toolkit-controller-manager
        spec:
          replicas: 0
          selector:
            matchLabels: {app: toolkit}
          template:
            metadata:
              labels: {app: toolkit}
            spec:
              containers:
                - name: manager
                  image: registry.example.com/toolkit
        {{- end }}
        """;

    /// <summary>Packages a version.</summary>
    public ChartPackage(string version)
    {
        Version = version;
        Archive = Pack(
            ("Chart.yaml", Metadata(version).ToJsonString()),
            ("values.yaml", Values),
            ("values.schema.json", Schema),
            ("templates/configmap.yaml", ConfigMapTemplate),
            ("templates/deployment.yaml", DeploymentTemplate));
    }

    /// <summary>The chart's version.</summary>
    public string Version { get; }

    /// <summary>The content of Chart.yaml, as the configuration of an OCI artifact has it.</summary>
    public byte[] Config => Encoding.UTF8.GetBytes(Metadata(Version).ToJsonString());

    /// <summary>The package, a compressed tar archive.</summary>
    public byte[] Archive { get; }

    private static JsonObject Metadata(string version) => new()
    {
        ["apiVersion"] = "v2",
        ["name"] = Name,
        ["version"] = version,
        ["type"] = "application",
        ["description"] = "Stands for the OCM K8s Toolkit in tests",
    };

    private static byte[] Pack(params (string Path, string Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var compressed = new GZipStream(packed, CompressionLevel.Fastest))
        using (var tar = new TarWriter(compressed, TarEntryFormat.Ustar))
        {
            foreach (var (path, content) in files)
            {
                using var data = new MemoryStream(Encoding.UTF8.GetBytes(content + "\n"));
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{Name}/{path}")
                {
                    DataStream = data,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                });
            }
        }

        return packed.ToArray();
    }
}
