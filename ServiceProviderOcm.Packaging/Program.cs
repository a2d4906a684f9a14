using ServiceProviderOcm.Packaging;

return await PackCommand.Create().Parse(args).InvokeAsync();
