using ServiceProviderOcm.Worker.CommandLine;

return await ProviderCommand.InvokeAsync(args);
