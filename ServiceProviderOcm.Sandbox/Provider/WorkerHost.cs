using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Worker.CommandLine;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Sandbox.Provider;

/// <summary>The Worker's commands inside this process: the same host as in the Worker's own, but for its log and for signals.</summary>
/// <param name="podNamespace">What <c>POD_NAMESPACE</c> says in a pod.</param>
/// <param name="log">Gets the log.</param>
internal sealed class WorkerHost(string podNamespace, ILoggerProvider log)
{
    /// <summary>Does what <c>init</c> does.</summary>
    /// <param name="flags">As on its command line.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The exit code.</returns>
    public Task<int> InitAsync(IReadOnlyList<string> flags, CancellationToken cancellationToken) =>
        RunAsync("init", flags, InitCommand.AddServices, cancellationToken);

    /// <summary>Does what <c>run</c> does.</summary>
    /// <param name="flags">As on its command line.</param>
    /// <param name="cancellationToken">Stops it, as SIGTERM would.</param>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(IReadOnlyList<string> flags, CancellationToken cancellationToken) =>
        RunAsync("run", flags, RunCommand.AddServices, cancellationToken);

    private Task<int> RunAsync(
        string name, IReadOnlyList<string> flags, Action<IServiceCollection> addServices, CancellationToken cancellationToken)
    {
        var command = new Command(name);
        var settings = new SettingFlags(command, _ => true).Given(command.Parse(flags));
        return ProviderHost.RunAsync(
            settings.Append(new($"{ProviderOptions.Section}:{nameof(ProviderOptions.PodNamespace)}", podNamespace)),
            services =>
            {
                addServices(services);
                services.RemoveAll<ILoggerProvider>().AddSingleton(log).AddSingleton<IHostLifetime, NoLifetime>();
            },
            cancellationToken);
    }
}
