using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Tools.Render;

namespace ServiceProviderOcm.Core.Tools.Diff;

/// <summary>What a configuration installs for an OCM, as text to compare.</summary>
/// <param name="Objects">The lines of each object, by what it is called; secret values are masked.</param>
/// <param name="Error">Why nothing is installed; null if something is.</param>
internal sealed record RenderedOcm(IReadOnlyDictionary<string, string[]> Objects, ReadyStatus? Error)
{
    private static readonly IReadOnlyDictionary<string, string[]> None = new Dictionary<string, string[]>(StringComparer.Ordinal);

    /// <summary>Renders.</summary>
    /// <param name="inputs">What the configuration refers to.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="ocm">The OCM.</param>
    public static RenderedOcm Of(RenderInputs inputs, InstallConfig config, KubeObject ocm)
    {
        if (!Renderer.TryRender(inputs with { Config = config with { IsPaused = false } }, ocm, out var steps, out var error))
        {
            return new RenderedOcm(None, error);
        }

        var objects = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            var content = step.Content;
            var key = new ObjectKey(content.Text("metadata", "namespace") ?? "", content.Text("metadata", "name") ?? "");
            objects[$"{step.Cluster}: {content.Text("kind")} {key}"] = LinesOf(step);
        }

        return new RenderedOcm(objects, Error: null);
    }

    /// <summary>The difference as <c>diff -u</c> writes it, object by object.</summary>
    /// <param name="from">Before.</param>
    /// <param name="to">After.</param>
    public static IReadOnlyList<string> Difference(RenderedOcm from, RenderedOcm to)
    {
        List<string> text = [];
        foreach (var name in from.Objects.Keys.Union(to.Objects.Keys))
        {
            var hunks = UnifiedDiff.Of(from.Objects.GetValueOrDefault(name, []), to.Objects.GetValueOrDefault(name, []));
            if (hunks.Count > 0)
            {
                text.Add($"--- {(from.Objects.ContainsKey(name) ? name : "/dev/null")}");
                text.Add($"+++ {(to.Objects.ContainsKey(name) ? name : "/dev/null")}");
                text.AddRange(hunks);
            }
        }

        return text;
    }

    private static string[] LinesOf(RenderedStep step)
    {
        using var text = new StringWriter { NewLine = "\n" };
        YamlText.Write(text, SecretMask.Of(step.Content));
        return PrintableText.Yaml(text.ToString()).TrimEnd('\n').Split('\n');
    }
}
