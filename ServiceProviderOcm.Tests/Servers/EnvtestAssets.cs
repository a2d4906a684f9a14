using System.Diagnostics;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Where kube-apiserver and etcd are on this machine, or why they are not.</summary>
/// <param name="Folder">The folder with both; null where there is none.</param>
/// <param name="Reason">One line on why there is none.</param>
public sealed record EnvtestAssets(string? Folder, string Reason)
{
    /// <summary>Asks <c>scripts/envtest</c>, which may fetch or build them first.</summary>
    public static async Task<EnvtestAssets> FindAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var root = RepositoryRoot.Find();
        using var script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(root, "scripts", "envtest")])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("bash cannot be started");

        var folder = script.StandardOutput.ReadToEndAsync(cancellationToken);
        var lastLine = "scripts/envtest says nothing";
        while (await script.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            progress(line);
            lastLine = line;
        }

        await script.WaitForExitAsync(cancellationToken);
        return script.ExitCode == 0
            ? new EnvtestAssets((await folder).Trim(), "")
            : new EnvtestAssets(null, lastLine);
    }
}
