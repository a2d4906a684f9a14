using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Runs a credential plugin and keeps what it issues until it expires. What the plugin prints may be secret and goes nowhere else.
/// </summary>
internal sealed class ExecPlugin(ExecSettings settings, TimeProvider timeProvider) : IRotatingCredential
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private Task<ExecCredential>? _run;

    /// <summary>
    /// What the last run has issued, or, once that has expired, what a new one issues. Callers at the same time share a run.
    /// </summary>
    /// <exception cref="KubeconfigException">The plugin failed.</exception>
    public Task<ExecCredential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_run is null || IsSpent(_run))
            {
                _run = RunAsync();
            }

            return _run.WaitAsync(cancellationToken);
        }
    }

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        (await GetAsync(cancellationToken)).Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null!;

    public void InvalidateRejected(string? token)
    {
        lock (_lock)
        {
            if (_run is { IsCompletedSuccessfully: true, Result.Token: var issued } && issued == token)
            {
                _run = null;
            }
        }
    }

    private bool IsSpent(Task<ExecCredential> run) =>
        run.IsCompleted && (!run.IsCompletedSuccessfully || run.Result.Expires <= timeProvider.GetUtcNow());

    private async Task<ExecCredential> RunAsync()
    {
        using var process = Start();
        using var timeout = new CancellationTokenSource(Timeout, timeProvider);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            await Task.WhenAll(output, process.StandardError.BaseStream.CopyToAsync(Stream.Null, timeout.Token));
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode == 0
                ? ExecCredential.Parse(await output, settings)
                : throw Failed($"failed with exit code {process.ExitCode}");
        }
        catch (OperationCanceledException)
        {
            throw Failed($"has not finished within {Timeout.TotalSeconds} seconds");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(settings.Command, settings.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        foreach (var (name, value) in settings.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = settings.Info;
        try
        {
            return Process.Start(start) ?? throw Failed("cannot be started");
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException)
        {
            throw Failed("cannot be started; check that the command is installed and executable");
        }
    }

    private KubeconfigException Failed(string error) =>
        new($"{settings.Field}: the plugin {settings.Command} {error}{(settings.InstallHint is { } hint ? $". {hint.Trim()}" : "")}");
}
