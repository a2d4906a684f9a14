using System.Diagnostics;
using NUnit.Framework;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>The kubectl of this machine.</summary>
internal static class Kubectl
{
    private static readonly Lazy<Task<KubectlResult>> Program = new(() => RunProgramAsync("bash", ["scripts/kubectl"], new Dictionary<string, string?>()));

    /// <summary>Runs it in the repository's root. Skips the calling test where there is none, or fails it where <c>CI=true</c>.</summary>
    public static Task<KubectlResult> RunAsync(params string[] arguments) => RunAsync(arguments, new Dictionary<string, string?>());

    /// <summary>The same, with more variables in its environment.</summary>
    public static async Task<KubectlResult> RunAsync(string[] arguments, IReadOnlyDictionary<string, string?> environment) =>
        await RunProgramAsync(await FindAsync(), arguments, environment);

    /// <summary>Starts it, to read what it writes while it runs.</summary>
    public static async Task<KubectlOutput> StartAsync(params string[] arguments) =>
        new(Start(await FindAsync(), arguments, new Dictionary<string, string?>()));

    private static async Task<string> FindAsync()
    {
        var found = await Program.Value;
        if (found.Code != 0)
        {
            Assert.That(Environment.GetEnvironmentVariable("CI"), Is.Not.EqualTo("true"), found.Errors);
            Assert.Ignore(found.Errors);
        }

        return found.Output.Trim();
    }

    private static Process Start(string program, string[] arguments, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = RepositoryRoot.Find(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{program} cannot be started");
    }

    private static async Task<KubectlResult> RunProgramAsync(
        string program, string[] arguments, IReadOnlyDictionary<string, string?> environment)
    {
        using var process = Start(program, arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new KubectlResult(process.ExitCode, await output, errors);
    }
}
