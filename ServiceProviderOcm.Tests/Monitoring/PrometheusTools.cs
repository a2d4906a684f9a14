using System.Diagnostics;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Monitoring;

/// <summary>The prometheus and promtool of <c>scripts/prometheus</c>.</summary>
internal static class PrometheusTools
{
    private static readonly Lazy<Task<ToolResult>> Folder = new(() => RunAsync("bash", ["scripts/prometheus"]));

    /// <summary>The path of a program. Skips the calling test where this machine cannot have it.</summary>
    public static async Task<string> FindAsync(string program)
    {
        const int HasNone = 3;
        var found = await Folder.Value;
        if (found.Code == HasNone)
        {
            Assert.Ignore(found.Errors.TrimEnd().Split('\n')[^1]);
        }

        Assert.That(found.Code, Is.Zero, found.Errors);

        return Path.Combine(found.Output.Trim(), program);
    }

    /// <summary>Runs promtool.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Standard input.</param>
    public static async Task<ToolResult> PromtoolAsync(IEnumerable<string> arguments, string input = "") =>
        await RunAsync(await FindAsync("promtool"), arguments, input);

    private static async Task<ToolResult> RunAsync(string program, IEnumerable<string> arguments, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = RepositoryRoot.Find(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} cannot be started");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new ToolResult(process.ExitCode, await output, await errors);
    }
}
