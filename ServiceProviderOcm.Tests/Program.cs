using System.Runtime.InteropServices;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Bench;
using ServiceProviderOcm.Tests.Bench.Compare;
using ServiceProviderOcm.Tests.Peers.Processes;
using ServiceProviderOcm.Tests.Servers;

using var interrupted = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    if (args is ["compare", .. var comparison])
    {
        return await Comparison.RunAsync(PeerBinaries.Current, comparison, Console.Error, interrupted.Token);
    }

    if (!BenchmarkArguments.TryParse(args, out var arguments))
    {
        await Console.Error.WriteLineAsync(BenchmarkArguments.Usage);
        return 2;
    }

    var baseline = arguments.BaselineFile.Length > 0 ? Baseline.Read(arguments.BaselineFile) : null;
    var result = await arguments.RunAsync(interrupted.Token);
    BenchmarkTable.Print(Console.Out, result, baseline);
    Baseline.Write(arguments.ResultFile, result);
    return result.Missed.Any() ? 1 : 0;
}
catch (ResultStateException noServers)
{
    await Console.Error.WriteLineAsync(noServers.Message);
    return 3;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 0;
}
finally
{
    await TestClusters.StopAsync();
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}
