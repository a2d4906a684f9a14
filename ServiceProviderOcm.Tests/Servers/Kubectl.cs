using System.Diagnostics;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The kubectl of this machine.</summary>
internal static class Kubectl
{
    private static readonly Lazy<Task<KubectlResult>> Program = new(() => RunProgramAsync("bash", ["scripts/kubectl"]));

    /// <summary>Runs it in the repository's root. Skips the calling test where there is none, or fails it where <c>CI=true</c>.</summary>
    public static async Task<KubectlResult> RunAsync(params string[] arguments)
    {
        var found = await Program.Value;
        if (found.Code != 0)
        {
            Assert.That(Environment.GetEnvironmentVariable("CI"), Is.Not.EqualTo("true"), found.Errors);
            Assert.Ignore(found.Errors);
        }

        return await RunProgramAsync(found.Output.Trim(), arguments);
    }

    private static async Task<KubectlResult> RunProgramAsync(string program, string[] arguments)
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
        return new KubectlResult(process.ExitCode, await output, errors);
    }
}
