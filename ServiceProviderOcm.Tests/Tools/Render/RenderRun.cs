using System.CommandLine;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Tests.Support.Files;
using ServiceProviderOcm.Worker.CommandLine;

namespace ServiceProviderOcm.Tests.Tools.Render;

/// <summary>One run of <c>render</c>, with what it has written.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">The lines on standard error, without the folder in which the files are.</param>
internal sealed record RenderRun(int ExitCode, string Output, IReadOnlyList<string> Errors)
{
    /// <summary>The documents of YAML output.</summary>
    public IReadOnlyList<KubeObject> Objects => [.. YamlManifests.Read("output", Output).Select(source => source.Manifest)];

    /// <summary>The entries of JSON output.</summary>
    public IReadOnlyList<JsonElement> Entries => [.. JsonReading.Parse(Output).EnumerateArray()];

    public KubeObject Object(string kind) => Objects.Single(rendered => rendered.Json.Text("kind") == kind);

    /// <summary>Renders files of these contents; they are called <c>1.yaml</c>, <c>2.yaml</c> and so on.</summary>
    public static Task<RenderRun> OfAsync(params string[] contents) => OfAsync([], contents);

    /// <summary>The same, with flags.</summary>
    public static async Task<RenderRun> OfAsync(string[] flags, params string[] contents)
    {
        using var folder = new TestFolder();
        var output = new StringWriter();
        var errors = new StringWriter();
        var arguments = contents.SelectMany((content, index) => new[] { "-f", folder.Write($"{index + 1}.yaml", content) });
        var exitCode = await ProviderCommand.Create().Parse(["render", .. arguments, .. flags])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });
        return new RenderRun(
            exitCode,
            output.ToString(),
            errors.ToString().Replace(folder.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
                .Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
