using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.Endpoints;

/// <summary>
/// Small web servers inside the process: Kestrel and nothing else. They take no settings from the environment, so that nobody
/// moves them by accident, and leave signals and the life cycle to the process' own host.
/// </summary>
internal static class EndpointServer
{
    /// <summary>Starts a server.</summary>
    /// <param name="flag">The flag that the address comes from.</param>
    /// <param name="address">Where to listen.</param>
    /// <param name="maxConnections">The maximum number of connections.</param>
    /// <param name="loggers">The process' own logs.</param>
    /// <param name="listen">Sets protocols and TLS.</param>
    /// <param name="services">Adds services.</param>
    /// <param name="pipeline">Says how requests are answered.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="EndpointException">The address cannot be listened on.</exception>
    public static async Task<WebApplication> StartAsync(
        string flag,
        BindAddress address,
        int maxConnections,
        ILoggerFactory loggers,
        Action<ListenOptions> listen,
        Action<IServiceCollection> services,
        Action<IApplicationBuilder> pipeline,
        CancellationToken cancellationToken)
    {
        var connections = new ConnectionLimit(maxConnections);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            EndpointLimits.Apply(server.Limits);
            address.Listen(server, options =>
            {
                options.Use(connections.Limit);
                listen(options);
            });
        });
        builder.Services.AddSingleton<ILoggerFactory>(new Loggers(loggers)).AddSingleton<IHostLifetime, NoLifetime>();
        services(builder.Services);
        var server = builder.Build();
        server.Use(OutsideOfTraces);
        server.Use(ConnectionLimit.CountRequests);
        pipeline(server);
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new EndpointException(
                $"{flag}: cannot listen on {address}: {exception.GetBaseException().Message}. Set another address, or 0 to disable it.",
                ExitCodes.Failure);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    // Kestrel begins a span for each request as soon as anything is logged, or goes on with the caller's. What is asked of API servers
    // on behalf of callers would bear it, whether or not traces are on.
    private static async Task OutsideOfTraces(HttpContext context, RequestDelegate next)
    {
        Activity.Current = null;
        await next(context);
    }

    // EndpointException reports once that a server cannot start; its inner host would log it again with a stack trace.
    private sealed class Loggers(ILoggerFactory inner) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) =>
            categoryName == "Microsoft.Extensions.Hosting.Internal.Host" ? NullLogger.Instance : inner.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

        public void Dispose()
        {
        }
    }
}
