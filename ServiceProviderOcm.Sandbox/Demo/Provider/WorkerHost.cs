using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Worker.CommandLine;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Sandbox.Demo.Provider;

/// <summary>Runs the commands of the Worker inside this process, with a log file and without signal handlers.</summary>
/// <param name="podNamespace">The value of <c>POD_NAMESPACE</c>.</param>
/// <param name="log">The log.</param>
internal sealed class WorkerHost(string podNamespace, ILoggerProvider log)
{
    /// <summary>Runs <c>init</c>.</summary>
    /// <param name="flags">The flags of its command line.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The exit code.</returns>
    public Task<int> InitAsync(IReadOnlyList<string> flags, CancellationToken cancellationToken) =>
        RunAsync("init", flags, InitCommand.AddServices, cancellationToken);

    /// <summary>Runs <c>run</c>.</summary>
    /// <param name="flags">The flags of its command line.</param>
    /// <param name="cancellationToken">Stops it, like SIGTERM.</param>
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
