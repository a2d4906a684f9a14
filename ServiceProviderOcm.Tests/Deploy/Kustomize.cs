using System.Diagnostics;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Objects;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Deploy;

/// <summary>Renders folders of <c>deploy/</c>, as <c>kubectl apply -k</c> does.</summary>
internal static class Kustomize
{
    private static readonly Lazy<Task<Said>> Kubectl = new(() => RunAsync("bash", "scripts/kubectl"));

    /// <summary>The objects of a folder. Skips the calling test where there is no kubectl, or fails it where <c>CI=true</c>.</summary>
    /// <param name="folder">Relative to the repository's root.</param>
    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(string folder)
    {
        var found = await Kubectl.Value;
        if (found.Code != 0)
        {
            Assert.That(Environment.GetEnvironmentVariable("CI"), Is.Not.EqualTo("true"), found.Errors);
            Assert.Ignore(found.Errors);
        }

        var rendered = await RunAsync(found.Output.Trim(), "kustomize", folder);
        Assert.That(rendered.Code, Is.Zero, rendered.Errors);
        return YamlManifests.Parse(rendered.Output);
    }

    private static async Task<Said> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = RepositoryRoot.Find(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} cannot be started");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Said(process.ExitCode, await output, errors);
    }

    private sealed record Said(int Code, string Output, string Errors);
}
